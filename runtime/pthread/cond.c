/* cond.c - condition variables: fibers wait in the lot, plain threads in the real one, a
 * signal looks at both.
 *
 * Invariant: a waiter is in the lot before it gives up the mutex, so a signal that
 * follows finds it. Another process's signal does not: who waits for a process-shared one
 * wakes up spuriously every few milliseconds and looks again. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../cancel.h"
#include "../lot.h"
#include "../sched.h"
#include "../wait.h"
#include "layout.h"
#include "mutex.h"

#include <errno.h>

static const uint64_t shared_pause = 5 * NS_PER_MS;

/* When the wait is over, be it for nothing. */
static uint64_t due_of(const pthread_cond_t *c, const struct moment *moment)
{
	uint64_t due = moment_due(moment), look = DUE_NEVER;

	if (cond_is_shared(c))
		look = due_after(shared_pause);
	return look < due ? look : due;
}

/* The real lock may be recursive and held several times: libc gives up one level, and so
 * do we. */
static int wait_for(pthread_cond_t *c, pthread_mutex_t *m, const struct moment *moment)
{
	struct co_fiber *self = co__ctx.self;
	struct lot_waiter waiter;
	int error = errno;
	bool cancelled;
	int r, locked;

	co__cancel_point(self);
	co__lot_enter(&waiter, c, WAIT_DEAF | WAIT_POINT);
	r = co_pthread_mutex_unlock(m);
	if (r != 0) {
		co__lot_leave(&waiter);
		return r;
	}
	r = co__lot_park(&waiter, due_of(c, moment));
	cancelled = r == -ECANCELED;
	/* An early look at the clock is a spurious wake-up, which callers expect. */
	r = r == 0 || !moment_passed(moment) ? 0 : ETIMEDOUT;
	locked = co__mutex_lock(m, self, &MOMENT_NEVER);
	if (cancelled)
		co__cancel_point(self); /* handlers find the mutex locked */
	errno = error;
	return locked ? locked : r;
}

int co_pthread_cond_init(
	pthread_cond_t *restrict c, const pthread_condattr_t *restrict attr)
{
	return pthread_cond_init(c, attr);
}

int co_pthread_cond_destroy(pthread_cond_t *c)
{
	return pthread_cond_destroy(c);
}

int co_pthread_cond_wait(pthread_cond_t *restrict c, pthread_mutex_t *restrict m)
{
	if (!co__self())
		return pthread_cond_wait(c, m);
	return wait_for(c, m, &MOMENT_NEVER);
}

int co_pthread_cond_timedwait(pthread_cond_t *restrict c, pthread_mutex_t *restrict m,
	const struct timespec *restrict abstime)
{
	struct moment moment;
	int r;

	if (!co__self())
		return pthread_cond_timedwait(c, m, abstime);
	r = moment_of(cond_clock(c), abstime, &moment);
	return r ? r : wait_for(c, m, &moment);
}

int co_pthread_cond_clockwait(pthread_cond_t *restrict c, pthread_mutex_t *restrict m,
	clockid_t clock, const struct timespec *restrict abstime)
{
	struct moment moment;

	if (!co__self() || !is_waited_for(clock) || moment_of(clock, abstime, &moment))
		return pthread_cond_clockwait(
			c, m, clock, abstime); /* refuses what is bad at once */
	return wait_for(c, m, &moment);
}

int co_pthread_cond_signal(pthread_cond_t *c)
{
	return co__lot_wake(c, 1) ? 0 : pthread_cond_signal(c);
}

int co_pthread_cond_broadcast(pthread_cond_t *c)
{
	co__lot_wake(c, LOT_ALL);
	return pthread_cond_broadcast(c);
}
