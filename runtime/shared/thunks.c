/* thunks.c - the library's side: co_NAME for code in a shared library, see runtime_v1.h.
 *
 * Invariant: a slot is written once, before the library's own constructors run; later it
 * is only read. */
#include "runtime_v1.h"

#include "../arch/thunk.h"

#include <stddef.h>
#include <string.h>

#define HOOK(name, waits, header) extern void name(void);
#define GNU(name, waits, header) extern void name(void) __attribute__((weak));
#define ALIAS(alias, name) extern void alias(void) __attribute__((weak));
#define FORMAT(name, chk, takes, params, args) extern void chk(void) __attribute__((weak));
#include <cohook/hooks.def>

/* Without a runtime every variable is the OS thread's. */
static const volatile void *same(const volatile void *variable)
{
	return variable;
}

/* Not static: the assembler has to find them. */
#define SLOT(name) __attribute__((visibility("hidden"), used)) void (*co__slot_##name)(void) = name;
#define HOOK(name, waits, header) SLOT(name)
#define ALIAS(alias, name) SLOT(alias)
#define FORMAT(name, chk, takes, params, args) SLOT(chk)
#include <cohook/hooks.def>

__attribute__((visibility("hidden"), used)) void (*co__slot__tls_find)(void) =
	(void (*)(void))same;
THUNK(co__tls_find, co__slot__tls_find);

#define HOOK(name, waits, header) THUNK(co_##name, co__slot_##name);
#define ALIAS(alias, name) THUNK(co_##alias, co__slot_##alias);
#define FORMAT(name, chk, takes, params, args) THUNK(co_##chk, co__slot_##chk);
#include <cohook/hooks.def>

static const struct slot {
	const char *name;
	void (**slot)(void);
} slots[] = {
#define HOOK(name, waits, header) {#name, &co__slot_##name},
#define ALIAS(alias, name) {#alias, &co__slot_##alias},
#define FORMAT(name, chk, takes, params, args) {#chk, &co__slot_##chk},
#include <cohook/hooks.def>
	{"_tls_find", &co__slot__tls_find},
};

static void fill(const struct cohook_mirror *mirror)
{
	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++)
		if (strcmp(slots[i].name, mirror->name) == 0)
			*slots[i].slot = mirror->mirror;
}

__attribute__((constructor(101))) static void find_runtime(void)
{
	const struct cohook_runtime_v1 *table = &cohook_runtime_v1;

	if (!table)
		table = co__note_find();
	if (!table)
		return;
	for (const struct cohook_mirror *m = table->mirrors; m->name; m++)
		fill(m);
}
