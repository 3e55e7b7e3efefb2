/* note.c - the library's side: the note in which a program tells of its table.
 *
 * It is looked for where the table's own name is not to be had, see runtime_v1.h. Called
 * by slots.c. */
#define _GNU_SOURCE
#include "runtime_v1.h"

#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The parts of a note, and notes, are apart by this. */
static size_t aligned(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

/* The table that NOTE tells of; NULL if it is another's note. */
static const struct cohook_runtime_v1 *table_of(const ElfW(Nhdr) * note)
{
	static const char name[] = COHOOK_NOTE_NAME;
	const char *text = (const char *)(note + 1);
	const char *description = text + aligned(sizeof name);
	int32_t distance;

	if (note->n_type != COHOOK_NOTE_TYPE || note->n_namesz != sizeof name ||
		note->n_descsz != sizeof distance || memcmp(text, name, sizeof name) != 0)
		return NULL;
	memcpy(&distance, description, sizeof distance);
	return (const void *)(description + distance);
}

static const struct cohook_runtime_v1 *table_among(const char *at, const char *end)
{
	const struct cohook_runtime_v1 *table = NULL;

	while (!table && at + sizeof(ElfW(Nhdr)) <= end) {
		const ElfW(Nhdr) *note = (const void *)at;
		table = table_of(note);
		at += sizeof *note + aligned(note->n_namesz) + aligned(note->n_descsz);
	}
	return table;
}

/* The program is the first to be shown. */
static int look_at_program(struct dl_phdr_info *program, size_t size, void *data)
{
	const struct cohook_runtime_v1 **table = data;

	(void)size;
	for (unsigned i = 0; i < program->dlpi_phnum && !*table; i++) {
		const ElfW(Phdr) *segment = &program->dlpi_phdr[i];
		const char *begin = (const char *)(program->dlpi_addr + segment->p_vaddr);
		/* Notes that are aligned otherwise are none of ours. */
		if (segment->p_type == PT_NOTE && segment->p_align <= 4)
			*table = table_among(begin, begin + segment->p_memsz);
	}
	return 1;
}

const struct cohook_runtime_v1 *co__note_find(void)
{
	const struct cohook_runtime_v1 *table = NULL;

	dl_iterate_phdr(look_at_program, &table);
	return table;
}
