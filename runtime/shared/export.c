/* export.c - the program's side: the mirrors by name. Linked into executables alone, see
 * runtime_v1.h. */
#include "runtime_v1.h"

#include "../arch/note.h"
#include "../tls.h"

#include <stddef.h>

#define HOOK(name, waits, header) extern void co_##name(void);
#define ALIAS(alias, name) extern void co_##alias(void);
#define FORMAT(name, chk, takes, params, args) extern void co_##chk(void);
#include <cohook/hooks.def>

static const struct cohook_mirror mirrors[] = {
#define HOOK(name, waits, header) {#name, co_##name},
#define ALIAS(alias, name) {#alias, co_##alias},
#define FORMAT(name, chk, takes, params, args) {#chk, co_##chk},
#include <cohook/hooks.def>
	{"_tls_find", (void (*)(void))co__tls_find},
	{NULL, NULL},
};

/* crtbegin.o has it. A program with a start of its own may have none, and libc's half of
 * pthread_atfork(3) takes its address. */
__attribute__((weak, visibility("hidden"))) void *__dso_handle;

__attribute__((used)) const struct cohook_runtime_v1 co__export_table = {mirrors};

extern const struct cohook_runtime_v1 cohook_runtime_v1
	__attribute__((alias("co__export_table")));

NOTE_OF_PLACE(
	".note.cohook", COHOOK_NOTE_NAME, COHOOK_NOTE_TYPE, "co__export_table");
