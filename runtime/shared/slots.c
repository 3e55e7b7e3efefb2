/* slots.c - the library's side: looks the mirrors up, see runtime_v1.h. */
#include "slot.h"

#include "runtime_v1.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const struct cohook_runtime_v1 *find_runtime(void)
{
	const struct cohook_runtime_v1 *table = &cohook_runtime_v1;

	return table ? table : co__note_find();
}

/* Called while the library is loaded, which one thread does. */
void co__slot_fill(const char *name, void (**slot)(void))
{
	static const struct cohook_runtime_v1 *table;
	static bool looked;

	if (!looked)
		table = find_runtime();
	looked = true;
	for (const struct cohook_mirror *m = table ? table->mirrors : NULL; m && m->name;
		m++)
		if (strcmp(m->name, name) == 0)
			*slot = m->mirror;
}
