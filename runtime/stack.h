/* stack.h - memory for stacks: reserved in slabs, committed as it is touched, guarded,
 * kept for reuse. */
#ifndef COHOOK_STACK_H
#define COHOOK_STACK_H

#include <stdbool.h>
#include <stddef.h>

struct stack {
	char *base;           /* lowest usable byte; the guard lies below it */
	size_t size;          /* usable bytes */
	struct stack_pool *pool; /* that it goes back to */
	unsigned colour;      /* bytes to leave free at the top, see co__stack_alloc() */
	unsigned valgrind_id;
};

enum {
	STACK_SMALLEST = 64 * 1024,
	STACK_COLOUR_MOST = 11 * 64,
};

/* A stack of at least SIZE bytes, rounded up to whole pages and to STACK_SMALLEST.
 * -ENOMEM.
 *
 * Stacks lie a multiple of the page size apart; what sits at the top of each would
 * compete for the same few sets of the caches. COLOUR differs from stack to stack, so
 * whoever puts something there shifts it. */
int co__stack_alloc(size_t size, struct stack *stack);

/* Give it back. The caller must not be running on it. */
void co__stack_free(const struct stack *stack);

/* Whether ADDRESS lies in the guard of a stack; if so BASE and SIZE tell which.
 * Async-signal-safe. */
bool co__stack_overflowed(const void *address, char **base, size_t *size);

/* Around fork(2), in the parent and in the child. */
void co__stack_fork_begin(void);
void co__stack_fork_end(void);

#endif
