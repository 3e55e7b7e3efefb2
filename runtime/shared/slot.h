/* slot.h - one thunk of a shared library, and the slot that says where it leads.
 *
 * Each is a file of its own, which the build makes, so that a library gets those that it
 * calls, and imports from libc what it would import without us. */
#ifndef COHOOK_SLOT_H
#define COHOOK_SLOT_H

#include "../arch/thunk.h"

/* Have *SLOT lead to the mirror NAME of the program's runtime, if there is one. */
__attribute__((visibility("hidden"))) void co__slot_fill(
	const char *name, void (**slot)(void));

/* co_NAME, which leads to PLAIN until then. The slot is not static: the assembler has to
 * find it. It is written once, before the library's own constructors run. */
#define SLOT(name, plain) \
	__attribute__((visibility("hidden"), used)) void (*co__slot_##name)(void) = plain; \
	THUNK(co_##name, co__slot_##name); \
	__attribute__((constructor(101))) static void fill(void) \
	{ \
		co__slot_fill(#name, &co__slot_##name); \
	} \
	_Static_assert(1, "takes a semicolon")

#endif
