/* pragma.h - the pragmas of a text that concern us. */
#ifndef COHOOK_PRAGMA_H
#define COHOOK_PRAGMA_H

#include <stdbool.h>
#include <stddef.h>

struct pool;

enum pragma_kind {
	PRAGMA_OFF,     /* #pragma cohook off */
	PRAGMA_ON,      /* #pragma cohook on */
	PRAGMA_OS,      /* #pragma cohook threads(os) */
	PRAGMA_FIBER,   /* #pragma cohook threads(fiber) */
	PRAGMA_DEFAULT, /* #pragma cohook threads(default) */
	PRAGMA_WEAK,    /* #pragma weak NAME */
};

struct pragma {
	enum pragma_kind kind;
	size_t begin, end; /* the directive, without its newline */
	const char *name;  /* of PRAGMA_WEAK, from the pool */
};

/* pragma_find - the pragmas of TEXT in order, those in groups that an #if leaves out
 * included. Their number; *LIST is from POOL. */
size_t pragma_find(
	struct pool *pool, const char *text, size_t length, struct pragma **list);

/* pragma_blank - TEXT of LENGTH bytes with everything but line breaks and tabs made a
 * blank, from POOL: what a pragma is replaced with, because compilers warn about those
 * that they do not know. */
const char *pragma_blank(struct pool *pool, const char *text, size_t length);

#endif
