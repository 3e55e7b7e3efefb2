/* forkhold.h - locks that fork(2) waits for.
 *
 * The kernel copies the memory page by page while the other threads go on. What lives on
 * in the child and lies in more than one page must not be changed meanwhile: no order in
 * which it is written would do. What the child begins anew needs lock_forked() alone. */
#ifndef COHOOK_FORKHOLD_H
#define COHOOK_FORKHOLD_H

#include "lock.h"

#include <stddef.h>

struct fork_hold {
	struct fork_hold *next;
	struct lock *first;
	size_t count, stride; /* in bytes, from one lock to the next */
};

/* The member LOCK of each element of the array TABLE. No holder of one takes another, or
 * any of malloc(3). */
#define FORK_HOLD(table, lock)                                              \
	{                                                                   \
		NULL, &(table)[0].lock, sizeof(table) / sizeof((table)[0]), \
			sizeof((table)[0])                                  \
	}

/* For constructors. HOLD stays. */
void co__fork_hold(struct fork_hold *hold);

/* Around fork(2), one thread at a time. Unless OPEN, a handler forks that may have struck
 * the thread while it holds one of them. */
void co__fork_hold_begin(bool open);
void co__fork_hold_end(void);   /* in the parent */
void co__fork_hold_child(void); /* in the child */

#endif
