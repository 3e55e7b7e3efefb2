/* lock.h - a spinlock of one word for sections of a few instructions.
 *
 * The holder never parks and never makes a blocking call. Handlers may take it, since
 * none runs while the thread holds one. */
#ifndef COHOOK_LOCK_H
#define COHOOK_LOCK_H

#include "critical.h"

#include <sched.h>
#include <stdatomic.h>

struct lock {
	atomic_uint held;
};

void co__lock_contended(struct lock *lock);

static inline void lock_take(struct lock *lock)
{
	critical_begin();
	if (atomic_exchange_explicit(&lock->held, 1, memory_order_acquire))
		co__lock_contended(lock);
}

static inline void lock_drop(struct lock *lock)
{
	atomic_store_explicit(&lock->held, 0, memory_order_release);
	critical_end();
}

/* The child's side of fork(2): whoever held it is gone. */
static inline void lock_forked(struct lock *lock)
{
	atomic_store_explicit(&lock->held, 0, memory_order_relaxed);
}

#endif
