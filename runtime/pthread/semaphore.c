/* semaphore.c - POSIX semaphores, named ones too: the real one is tried and posted, the
 * waiting is done in the lot.
 *
 * Invariant: the count is libc's alone, so plain threads, foreign code and other processes
 * share it. A post here wakes a parked fiber; one of theirs cannot, so the loop looks at
 * the count for whoever waits. A wake that finds nothing to take is harmless, and one that
 * was spent on a fiber that did not need it is passed on. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../cancel.h"
#include "../lot.h"
#include "../sched.h"
#include "../wait.h"
#include "timed.h"

#include <errno.h>

static bool has_some(void *object)
{
	int value;

	return sem_getvalue(object, &value) == 0 && value > 0;
}

/* 0, -ETIMEDOUT, or -EAGAIN: wait for it. */
static int try(sem_t *sem, const struct moment *moment)
{
	if (sem_trywait(sem) == 0)
		return 0;
	return moment_passed(moment) ? -ETIMEDOUT : -EAGAIN;
}

/* 0 or -errno. */
static int wait_for(sem_t *sem, const struct moment *moment, unsigned how)
{
	struct lot_waiter waiter;
	int r;

	do {
		co__lot_enter(&waiter, sem, how);
		r = try(sem, moment);
		if (r != -EAGAIN) {
			if (co__lot_leave(&waiter))
				co__lot_wake(sem, 1);
			return r;
		}
		co__wait_look(has_some, sem);
		r = co__lot_park(&waiter, moment_due(moment));
	} while (r == 0 || r == -ERESTART || r == -ETIME);
	return r;
}

static int take(sem_t *sem, const struct moment *moment, unsigned how)
{
	struct co_fiber *self = co__ctx.self;
	int error = errno;
	int r;

	co__turn(self->worker);
	if (sem_trywait(sem) == 0)
		return 0;
	r = wait_for(sem, moment, how);
	if (r == -ECANCELED)
		co__cancel_point(self);
	errno = r < 0 ? -r : error;
	return r < 0 ? -1 : 0;
}

int co_sem_wait(sem_t *sem)
{
	struct co_fiber *self = co__self();

	if (!self)
		return sem_wait(sem);
	co__cancel_point(self);
	return take(sem, &MOMENT_NEVER, WAIT_SIGNALS);
}

int co_sem_trywait(sem_t *sem)
{
	struct co_fiber *self = co__self();
	int r = sem_trywait(sem);

	if (r < 0 && self)
		co__turn(
			self->worker); /* a loop around it would keep the poster from running */
	return r;
}

/* The kernel restarts no wait for a futex that has an end. */
int co_sem_timedwait(sem_t *restrict sem, const struct timespec *restrict abstime)
{
	struct co_fiber *self = co__self();
	struct moment moment;

	if (!self || moment_of(CLOCK_REALTIME, abstime, &moment) != 0)
		return sem_timedwait(sem, abstime); /* refuses a bad time at once */
	co__cancel_point(self);
	return take(sem, &moment, WAIT_SIGNALS | WAIT_NO_RESTART);
}

/* In glibc a cancellation point only where it waits. */
int co_sem_clockwait(
	sem_t *restrict sem, clockid_t clock, const struct timespec *restrict abstime)
{
	struct moment moment;

	if (!co__self() || !is_waited_for(clock) ||
		moment_of(clock, abstime, &moment) != 0)
		return sem_clockwait(
			sem, clock, abstime); /* refuses what is bad at once */
	return take(sem, &moment, WAIT_SIGNALS | WAIT_NO_RESTART);
}

/* Async-signal-safe: handlers installed through us strike no thread that holds a lock of
 * ours; for others the loop's looks have to do. */
int co_sem_post(sem_t *sem)
{
	int error;

	if (sem_post(sem) < 0)
		return -1;
	error = errno;
	if (co__lot_is_open())
		co__lot_wake(sem, 1);
	errno = error;
	return 0;
}
