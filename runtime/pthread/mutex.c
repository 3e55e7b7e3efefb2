/* mutex.c - pthread mutexes: the real one is tried, the waiting is done in the lot. Plain
 * ones that nobody else wants go quick.h's way.
 *
 * Invariant: whoever holds the pthread_mutex_t holds it in libc's eyes, so code outside
 * of cohook can share it. An unlock here wakes a parked fiber; one by foreign code
 * cannot, so a fiber that waits for another thread's mutex looks again by itself every
 * few milliseconds. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../lot.h"
#include "../sched.h"
#include "../wait.h"
#include "layout.h"
#include "mutex.h"
#include "quick.h"

#include <errno.h>

#define OTHERWISE __attribute__((cold, noinline))

static const uint64_t first_pause = NS_PER_MS, longest_pause = 16 * NS_PER_MS;
static const uint64_t pause_for_each = NS_PER_MS / 10;

static int try_owned(pthread_mutex_t *m, struct co_fiber *self, enum mutex_type type)
{
	struct co_fiber *owner = co__owner_get(m);
	int r;

	if (owner && mutex_is_free(m)) { /* its memory has become another mutex */
		co__owner_clear(m);
		owner = NULL;
	}
	if (owner && owner != self)
		return EBUSY;
	if (owner && type == MUTEX_ERRORCHECK)
		return EDEADLK;
	r = pthread_mutex_trylock(m);
	if (r == 0 || r == EOWNERDEAD) {
		int error = errno;
		if (co__owner_push(m, self) == 0)
			return r;
		errno = error;
		pthread_mutex_unlock(m);
		return EAGAIN; /* as if the recursion were too deep */
	}
	return r;
}

/* The real trylock, with ownership by fiber. EBUSY: wait for it. */
static int try_lock(pthread_mutex_t *m, struct co_fiber *self)
{
	const enum quick quick = quick_lock(m, self->worker->tid);
	const enum mutex_type type = mutex_type(m);

	if (quick != QUICK_OTHER)
		return quick == QUICK_DONE ? 0 : EBUSY;
	return type == MUTEX_NORMAL ? pthread_mutex_trylock(m) : try_owned(m, self, type);
}

/* Whether an unlock may go unnoticed. */
static bool must_look(const pthread_mutex_t *m, const struct co_fiber *self)
{
	return mutex_is_special(m) || mutex_owner(m) != self->worker->tid;
}

/* When to look next, after PAUSE: many who wait take turns, rather than all the time that
 * there is. Whoever finds it free wakes the next when it is done. */
static uint64_t next_look(const pthread_mutex_t *m, uint64_t pause)
{
	uint64_t fair = lot_length(m) * pause_for_each;

	return due_after(fair > pause ? fair : pause);
}

static int wait_in_lot(
	pthread_mutex_t *m, struct co_fiber *self, const struct moment *moment)
{
	struct lot_waiter waiter;
	uint64_t pause = first_pause;
	uint64_t due, look;
	int r;

	for (;;) {
		co__lot_enter(&waiter, m, WAIT_DEAF);
		r = try_lock(m, self);
		if (r != EBUSY) {
			if (co__lot_leave(&waiter) && r != 0)
				co__lot_wake(m, 1);
			return r;
		}
		if (moment_passed(moment)) {
			if (co__lot_leave(&waiter))
				co__lot_wake(m, 1);
			return ETIMEDOUT;
		}
		due = moment_due(moment);
		look = must_look(m, self) ? next_look(m, pause) : DUE_NEVER;
		co__lot_park(&waiter, look < due ? look : due);
		pause = pause < longest_pause ? pause * 2 : longest_pause;
	}
}

OTHERWISE static int wait_for(
	pthread_mutex_t *m, struct co_fiber *self, const struct moment *moment)
{
	int error = errno;
	int r = wait_in_lot(m, self, moment);

	errno = error;
	return r;
}

int co__mutex_lock(pthread_mutex_t *m, struct co_fiber *self, const struct moment *moment)
{
	int r;

	co__turn(self->worker);
	r = try_lock(m, self);
	return r == EBUSY ? wait_for(m, self, moment) : r;
}

int co_pthread_mutex_init(
	pthread_mutex_t *restrict m, const pthread_mutexattr_t *restrict attr)
{
	int r = pthread_mutex_init(m, attr);

	if (r == 0)
		co__owner_clear(m);
	return r;
}

int co_pthread_mutex_destroy(pthread_mutex_t *m)
{
	int r = pthread_mutex_destroy(m);

	if (r == 0)
		co__owner_clear(m);
	return r;
}

/* SELF's turn has been counted. */
OTHERWISE static int lock_otherwise(pthread_mutex_t *m, struct co_fiber *self)
{
	self->worker->turns++;
	return co__mutex_lock(m, self, &MOMENT_NEVER);
}

OTHERWISE static int lock_anywhere(pthread_mutex_t *m)
{
	struct co_fiber *self = co__self();

	return self ? co__mutex_lock(m, self, &MOMENT_NEVER) : pthread_mutex_lock(m);
}

/* A few instructions, without a frame. */
int co_pthread_mutex_lock(pthread_mutex_t *m)
{
	struct co_fiber *self = co__ctx.self;

	if (!self)
		return lock_anywhere(m);
	if (--self->worker->turns && quick_lock(m, self->worker->tid) == QUICK_DONE)
		return 0;
	return lock_otherwise(m, self);
}

int co_pthread_mutex_trylock(pthread_mutex_t *m)
{
	struct co_fiber *self = co__self();
	int r;

	if (!self)
		return pthread_mutex_trylock(m);
	r = try_lock(m, self);
	if (r == EDEADLK)
		r = EBUSY; /* trylock knows no deadlock */
	if (r == EBUSY)
		co__turn(
			self->worker); /* a loop around it would keep the holder from running */
	return r;
}

static int lock_until(pthread_mutex_t *m, struct co_fiber *self, clockid_t clock,
	const struct timespec *abstime)
{
	struct moment moment;
	int r = try_lock(m, self);

	if (r != EBUSY) /* the time is not even looked at */
		return r;
	r = moment_of(clock, abstime, &moment);
	return r ? r : co__mutex_lock(m, self, &moment);
}

int co_pthread_mutex_timedlock(
	pthread_mutex_t *restrict m, const struct timespec *restrict abstime)
{
	struct co_fiber *self = co__self();

	return self ? lock_until(m, self, CLOCK_REALTIME, abstime)
		    : pthread_mutex_timedlock(m, abstime);
}

int co_pthread_mutex_clocklock(pthread_mutex_t *restrict m, clockid_t clock,
	const struct timespec *restrict abstime)
{
	struct co_fiber *self = co__self();

	return self && is_waited_for(clock) ? lock_until(m, self, clock, abstime)
					    : pthread_mutex_clocklock(m, clock, abstime);
}

OTHERWISE static int unlock_otherwise(pthread_mutex_t *m)
{
	struct co_fiber *self = co__self();
	int r;

	if (self && mutex_type(m) != MUTEX_NORMAL) {
		struct co_fiber *owner = co__owner_get(m);
		if (owner && owner != self)
			return EPERM;
		if (owner)
			co__owner_pop(m);
	}
	r = pthread_mutex_unlock(m);
	if (r == 0)
		lot_wake_behind(m);
	return r;
}

int co_pthread_mutex_unlock(pthread_mutex_t *m)
{
	if (quick_unlock(m) != QUICK_DONE)
		return unlock_otherwise(m);
	lot_wake_behind(m);
	return 0;
}
