/* export.c - the program's side: the mirrors by name. Linked into executables alone, see
 * runtime_v1.h. */
#include "runtime_v1.h"

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

#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)

__asm__(".pushsection .note.cohook, \"a\", %note\n"
	"	.balign 4\n"
	"	.long 2f - 1f, 4f - 3f, " TEXT(COHOOK_NOTE_TYPE) "\n"
	"1:	.asciz \"" COHOOK_NOTE_NAME "\"\n"
	"2:	.balign 4\n"
	"3:	.long co__export_table - .\n"
	"4:	.balign 4\n"
	".popsection");
