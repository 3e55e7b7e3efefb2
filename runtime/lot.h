/* lot.h - parked fibers, found by the address they wait for.
 *
 * The objects of pthreads stay what libc made them; only the waiting is done here. The
 * pattern, safe against a wake that comes at the same time, needs the waker to publish
 * its change first:
 *
 *	lot_waiter w;                              object.free = true;
 *	co__lot_enter(&w, &object, how);           co__lot_wake(&object, 1);
 *	if (object is free)
 *		co__lot_leave(&w);
 *	else
 *		r = co__lot_park(&w, due);
 */
#ifndef COHOOK_LOT_H
#define COHOOK_LOT_H

#include "arch/fence.h"
#include "list.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct co_fiber;

struct lot_waiter {
	struct list link; /* in its bucket, under the bucket's lock */
	const void *address;
	struct co_fiber *fiber;
	bool woken; /* by co__lot_wake() */
	bool out;   /* not linked any more */
};

enum { LOT_ALL = -1 };

/* Queue the running fiber at the end; HOW is enum wait_how. */
void co__lot_enter(struct lot_waiter *waiter, const void *address, unsigned how);
/* Do not wait after all. True if a wake was spent on this waiter: pass it on if it
 * matters. */
bool co__lot_leave(struct lot_waiter *waiter);
/* Wait. 0 if woken, else as co__wait_park(); in that case no wake was spent on it. */
int co__lot_park(struct lot_waiter *waiter, uint64_t due);

/* Wake up to MOST waiters of ADDRESS, the longest waiting first; how many there were. Any
 * thread. Contains the fence that orders the caller's change before the look at the
 * queue. */
int co__lot_wake(const void *address, int most);

enum { LOT_BUCKET_BITS = 10, LOT_BUCKETS = 1 << LOT_BUCKET_BITS };

/* How many wait in each bucket. */
extern atomic_int co__lot_counts[LOT_BUCKETS];

static inline unsigned lot_bucket(const void *address)
{
	uint64_t hash = (uint64_t)(uintptr_t)address * UINT64_C(0x9e3779b97f4a7c15);

	return (unsigned)(hash >> (64 - LOT_BUCKET_BITS));
}

/* How many wait for ADDRESS, perhaps with others; a hint. */
static inline unsigned lot_length(const void *address)
{
	int count = atomic_load_explicit(
		&co__lot_counts[lot_bucket(address)], memory_order_relaxed);

	return count > 0 ? (unsigned)count : 0;
}

/* co__lot_wake() of one waiter, where the caller's change was made by an atomic exchange
 * or its like, as libc's unlocks are. */
static inline void lot_wake_behind(const void *address)
{
	fence_behind_change();
	if (lot_length(address) > 0)
		co__lot_wake(address, 1);
}

/* Whether somebody waits for ADDRESS; a hint. */
bool co__lot_busy(const void *address);

/* Whether the caller, which may be a handler of a signal, can wake anybody. */
bool co__lot_is_open(void);

/* The child's side of fork(2). */
void co__lot_forked(void);

#endif
