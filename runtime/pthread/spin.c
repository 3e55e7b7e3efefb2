/* spin.c - spinlocks: the real ones, with turns for others in between.
 *
 * The holder may be a fiber of the same worker, which goes on only if this one lets it;
 * or it may wait for something, with the lock held. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../sched.h"

#include <errno.h>

enum { SPINS = 100 }; /* as long as another CPU may take */

static int spin(pthread_spinlock_t *lock)
{
	int r = EBUSY;

	for (int i = 0; i < SPINS && r == EBUSY; i++)
		r = pthread_spin_trylock(lock);
	return r;
}

int co_pthread_spin_lock(pthread_spinlock_t *lock)
{
	struct co_fiber *self = co__self();
	int r;

	if (!self)
		return pthread_spin_lock(lock);
	co__turn(self->worker);
	while ((r = spin(lock)) == EBUSY)
		co_sched_yield();
	return r;
}

/* A loop around it must not keep the holder from running. */
int co_pthread_spin_trylock(pthread_spinlock_t *lock)
{
	struct co_fiber *self = co__self();
	int r = pthread_spin_trylock(lock);

	if (r == EBUSY && self)
		co__turn(self->worker);
	return r;
}

int co_pthread_spin_unlock(pthread_spinlock_t *lock)
{
	return pthread_spin_unlock(lock);
}
