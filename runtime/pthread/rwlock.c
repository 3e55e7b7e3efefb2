/* rwlock.c - read-write locks: the real one is tried and unlocked, the waiting is done in
 * the lot, readers and writers apart.
 *
 * Invariant: whoever has the pthread_rwlock_t has it in libc's eyes. libc takes all
 * fibers of a worker for one writer, so the real calls that would look for a deadlock are
 * never made by a fiber; who writes is in owner.c. An unlock here wakes parked fibers;
 * one by foreign code or another process cannot, so the loop looks for whoever waits.
 *
 * Order: what libc does. Of the default kind readers come first, of the others a writer;
 * where readers are to be held off for a writer who waits, precedence.c knows of him. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../lot.h"
#include "../sched.h"
#include "../wait.h"
#include "layout.h"
#include "owner.h"
#include "precedence.h"

#include <errno.h>
#include <stdatomic.h>

enum side { READ, WRITE };

/* Where fibers wait for L: two addresses that nothing else has. */
static const void *queue_of(const pthread_rwlock_t *l, enum side side)
{
	return (const char *)l + side;
}

static bool is_held_off(const pthread_rwlock_t *l, enum side side)
{
	return side == READ && rwlock_holds_off_readers(l) &&
	       co__precedence_is_claimed(l);
}

/* EBUSY: wait for it. */
static int try_lock(pthread_rwlock_t *l, enum side side)
{
	if (is_held_off(l, side))
		return EBUSY;
	return side == WRITE ? pthread_rwlock_trywrlock(l) : pthread_rwlock_tryrdlock(l);
}

/* Without memory for it nobody will know whose it is, and a deadlock is not reported. */
static int try_as(struct co_fiber *self, pthread_rwlock_t *l, enum side side)
{
	int r = try_lock(l, side);
	int error = errno;

	if (r == 0 && side == WRITE)
		co__owner_set(l, self);
	errno = error;
	return r;
}

/* A root fiber may have taken it before its thread had a worker. */
static bool is_mine(const pthread_rwlock_t *l, const struct co_fiber *self)
{
	const struct co_fiber *owner;

	if (!rwlock_is_written(l))
		return false;
	owner = co__owner_get(l);
	return (owner ? owner == self : self->is_root) &&
	       rwlock_is_written_by(l, gettid());
}

/* After an unlock, by the address alone, for the memory may be gone; or because a wake
 * was spent on somebody who had no use for it. Of readers and a writer, those who are not
 * woken are when those who are unlock. */
static void wake_next(const pthread_rwlock_t *l, bool prefers_writers)
{
	atomic_thread_fence(memory_order_seq_cst); /* the usual end, with one fence */
	if (!co__lot_busy(queue_of(l, READ)) && !co__lot_busy(queue_of(l, WRITE)))
		return;
	if (prefers_writers) {
		if (!co__lot_wake(queue_of(l, WRITE), 1))
			co__lot_wake(queue_of(l, READ), LOT_ALL);
	} else if (!co__lot_wake(queue_of(l, READ), LOT_ALL)) {
		co__lot_wake(queue_of(l, WRITE), 1);
	}
}

static bool may_be_read(void *object)
{
	return rwlock_may_be_read(object) && !is_held_off(object, READ);
}

static bool may_be_written(void *object)
{
	return rwlock_may_be_written(object);
}

static int wait_in_lot(struct co_fiber *self, pthread_rwlock_t *l, enum side side,
	const struct moment *moment)
{
	struct lot_waiter waiter;
	int r;

	for (;;) {
		co__lot_enter(&waiter, queue_of(l, side), WAIT_DEAF);
		r = try_as(self, l, side);
		if (r == EBUSY && moment_passed(moment))
			r = ETIMEDOUT;
		if (r != EBUSY) {
			if (co__lot_leave(&waiter) && r != 0)
				wake_next(l, rwlock_prefers_writers(l));
			return r;
		}
		co__wait_look(side == WRITE ? may_be_written : may_be_read, l);
		co__lot_park(&waiter, moment_due(moment));
	}
}

/* Readers that were held off go on when the writer has it, or has given up. */
static int wait_first(
	struct co_fiber *self, pthread_rwlock_t *l, const struct moment *moment)
{
	struct precedence mine;
	int r;

	co__precedence_claim(&mine, l);
	r = wait_in_lot(self, l, WRITE, moment);
	co__precedence_drop(&mine);
	if (r != 0)
		co__lot_wake(queue_of(l, READ), LOT_ALL);
	return r;
}

static int lock(struct co_fiber *self, pthread_rwlock_t *l, enum side side,
	const struct moment *moment)
{
	int error = errno;
	int r;

	co__turn(self->worker);
	r = try_as(self, l, side);
	if (r == EBUSY && is_mine(l, self))
		r = EDEADLK;
	if (r == EBUSY)
		r = side == WRITE && rwlock_holds_off_readers(l)
			    ? wait_first(self, l, moment)
			    : wait_in_lot(self, l, side, moment);
	errno = error;
	return r;
}

/* A thread without a worker is a reader or writer of the real lock; what that does not
 * know is that a fiber comes first. */
static int let_pass(pthread_rwlock_t *l, const struct moment *moment)
{
	int error = errno;
	int r = 0;

	if (is_held_off(l, READ) && !rwlock_is_written_by(l, gettid()))
		r = co__precedence_wait(l, moment);
	errno = error;
	return r;
}

/* A loop around it must not keep the holder from running. */
static int try_now(pthread_rwlock_t *l, enum side side)
{
	struct co_fiber *self = co__self();
	int r;

	if (!self)
		return try_lock(l, side);
	r = try_as(self, l, side);
	if (r == EBUSY)
		co__turn(self->worker);
	return r;
}

int co_pthread_rwlock_init(
	pthread_rwlock_t *restrict l, const pthread_rwlockattr_t *restrict attr)
{
	int r = pthread_rwlock_init(l, attr);

	if (r == 0)
		co__owner_clear(l);
	return r;
}

int co_pthread_rwlock_destroy(pthread_rwlock_t *l)
{
	int r = pthread_rwlock_destroy(l);

	if (r == 0)
		co__owner_clear(l);
	return r;
}

int co_pthread_rwlock_rdlock(pthread_rwlock_t *l)
{
	struct co_fiber *self = co__self();

	if (self)
		return lock(self, l, READ, &MOMENT_NEVER);
	let_pass(l, &MOMENT_NEVER);
	return pthread_rwlock_rdlock(l);
}

int co_pthread_rwlock_tryrdlock(pthread_rwlock_t *l)
{
	return try_now(l, READ);
}

/* What is wrong with the arguments, libc says before it looks at the lock. */
int co_pthread_rwlock_clockrdlock(pthread_rwlock_t *restrict l, clockid_t clock,
	const struct timespec *restrict abstime)
{
	struct co_fiber *self = co__self();
	struct moment moment;
	int r;

	if (!is_waited_for(clock) || moment_of(clock, abstime, &moment) != 0)
		return pthread_rwlock_clockrdlock(l, clock, abstime);
	if (self)
		return lock(self, l, READ, &moment);
	r = let_pass(l, &moment);
	return r ? r : pthread_rwlock_clockrdlock(l, clock, abstime);
}

int co_pthread_rwlock_timedrdlock(
	pthread_rwlock_t *restrict l, const struct timespec *restrict abstime)
{
	return co_pthread_rwlock_clockrdlock(l, CLOCK_REALTIME, abstime);
}

int co_pthread_rwlock_wrlock(pthread_rwlock_t *l)
{
	struct co_fiber *self = co__self();

	return self ? lock(self, l, WRITE, &MOMENT_NEVER) : pthread_rwlock_wrlock(l);
}

int co_pthread_rwlock_trywrlock(pthread_rwlock_t *l)
{
	return try_now(l, WRITE);
}

int co_pthread_rwlock_clockwrlock(pthread_rwlock_t *restrict l, clockid_t clock,
	const struct timespec *restrict abstime)
{
	struct co_fiber *self = co__self();
	struct moment moment;

	if (!self || !is_waited_for(clock) || moment_of(clock, abstime, &moment) != 0)
		return pthread_rwlock_clockwrlock(l, clock, abstime);
	return lock(self, l, WRITE, &moment);
}

int co_pthread_rwlock_timedwrlock(
	pthread_rwlock_t *restrict l, const struct timespec *restrict abstime)
{
	return co_pthread_rwlock_clockwrlock(l, CLOCK_REALTIME, abstime);
}

int co_pthread_rwlock_unlock(pthread_rwlock_t *l)
{
	bool prefers_writers = rwlock_prefers_writers(l);
	int r;

	if (co__self() && rwlock_is_written(l)) /* by whom, if not by us */
		co__owner_clear(l);
	r = pthread_rwlock_unlock(l);
	if (r == 0)
		wake_next(l, prefers_writers);
	return r;
}
