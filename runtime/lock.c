/* lock.c - the slow path of the spinlock: spin shortly, then give the CPU away, since the
 * holder may have lost it. */
#include "lock.h"

enum { SPINS = 100 };

void co__lock_contended(struct lock *lock)
{
	unsigned spins = 0;

	do {
		while (atomic_load_explicit(&lock->held, memory_order_relaxed))
			if (++spins % SPINS == 0)
				sched_yield();
	} while (atomic_exchange_explicit(&lock->held, 1, memory_order_acquire));
}
