/* thread.c - pthread_create, join, exit and their kind: threads that are fibers. Calls on
 * a pthread_t that is no fiber's go to libc. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../cancel.h"
#include "../crew.h"
#include "../join.h"
#include "../wait.h"
#include "../worker.h"
#include "handle.h"
#include "timed.h"

#include <errno.h>
#include <stdint.h>
#include <sys/prctl.h>

static const uint64_t first_pause = NS_PER_MS, longest_pause = 16 * NS_PER_MS;

/* The size that libc gives to threads of which nothing else is said. */
static size_t standard_size(void)
{
	pthread_attr_t standard;
	size_t size = 0;

	if (pthread_attr_init(&standard) == 0) {
		pthread_attr_getstacksize(&standard, &size);
		pthread_attr_destroy(&standard);
	}
	return size;
}

/* What the program asks for, then what the user of the program does, then what a thread
 * would get. */
static size_t stack_size_of(const pthread_attr_t *attr)
{
	size_t standard = standard_size(), size = 0;

	if (attr)
		pthread_attr_getstacksize(attr, &size);
	if (size != 0 && size != standard)
		return size;
	return co__wanted_stack() ? co__wanted_stack() : standard;
}

/* What a new thread inherits. BUFFER has the room for one that the kernel keeps. */
static const char *own_name(char *buffer)
{
	if (co__ctx.running)
		return co__ctx.running->name;
	if (co__ctx.worker)
		return co__ctx.worker->root.name;
	prctl(PR_GET_NAME, buffer);
	return buffer;
}

int co_pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr,
	void *(*entry)(void *), void *restrict arg)
{
	struct spawn spawn = {.entry = entry, .arg = arg};
	char name[sizeof(((struct co_fiber *)0)->name)];
	int state = PTHREAD_CREATE_JOINABLE;
	struct co_fiber *fiber;
	struct place place;
	int error = errno;
	int r = co__crew_claim(&place);

	errno = error;
	if (r < 0)
		return EAGAIN;
	if (attr)
		pthread_attr_getdetachstate(attr, &state);
	spawn.name = own_name(name);
	spawn.stack_size = stack_size_of(attr);
	spawn.detached = state == PTHREAD_CREATE_DETACHED;
	r = co__spawn(place.worker, &spawn, &fiber);
	if (r == 0) {
		*thread = handle_of(fiber); /* before it runs */
		co__start(fiber);
	}
	co__crew_release(&place);
	return r < 0 ? EAGAIN : 0;
}

/* A real thread tells nobody but the kernel of its end. */
static int join_thread(pthread_t thread, void **result, const struct moment *moment)
{
	uint64_t pause = first_pause, due;
	int r;

	if (pthread_equal(thread, pthread_self()))
		return pthread_join(thread, result); /* EDEADLK */
	while ((r = pthread_tryjoin_np(thread, result)) == EBUSY) {
		if (moment_passed(moment))
			return ETIMEDOUT;
		due = moment_due(moment);
		if (due_after(pause) < due)
			due = due_after(pause);
		co__wait_until(due, WAIT_DEAF | WAIT_POINT);
		co__cancel_point(co__ctx.self);
		pause = pause < longest_pause ? pause * 2 : longest_pause;
	}
	return r;
}

/* An early look at a clock that may be set is not the end of the wait. */
static int join_fiber(struct co_fiber *fiber, void **result, const struct moment *moment)
{
	int r;

	do
		r = co__join(fiber, result, moment_due(moment), WAIT_DEAF | WAIT_POINT);
	while (r == -ETIME && !moment_passed(moment));
	if (r == -ECANCELED)
		co__cancel_point(co__ctx.self);
	return r == -ETIME ? ETIMEDOUT : -r;
}

static int join_until(pthread_t thread, void **result, const struct moment *moment)
{
	struct co_fiber *fiber = fiber_of(thread);
	int error = errno;
	int r;

	if (co__self())
		co__cancel_point(co__ctx.self);
	r = fiber ? join_fiber(fiber, result, moment)
		  : join_thread(thread, result, moment);
	errno = error;
	return r;
}

int co_pthread_join(pthread_t thread, void **result)
{
	if (!co__self() && !fiber_of(thread))
		return pthread_join(thread, result);
	return join_until(thread, result, &MOMENT_NEVER);
}

int co_pthread_tryjoin_np(pthread_t thread, void **result)
{
	struct co_fiber *fiber = fiber_of(thread);

	if (!fiber)
		return pthread_tryjoin_np(thread, result);
	if (!(atomic_load(&fiber->end) & END_DONE)) {
		if (co__self() && --co__ctx.worker->turns == 0)
			co__yield(); /* a loop around it would keep the thread from ending */
		return EBUSY;
	}
	return -co__join(fiber, result, DUE_NEVER, WAIT_DEAF);
}

int co_pthread_clockjoin_np(
	pthread_t thread, void **result, clockid_t clock, const struct timespec *abstime)
{
	struct moment moment = MOMENT_NEVER;
	int r;

	if (!co__self() && !fiber_of(thread))
		return pthread_clockjoin_np(thread, result, clock, abstime);
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return EINVAL;
	r = co_pthread_tryjoin_np(thread, result);
	if (r != EBUSY) /* the time is not even looked at */
		return r;
	if (abstime && moment_of(clock, abstime, &moment) != 0)
		moment =
			MOMENT_NEVER; /* glibc waits on when the kernel refuses the time */
	return join_until(thread, result, &moment);
}

int co_pthread_timedjoin_np(
	pthread_t thread, void **result, const struct timespec *abstime)
{
	return co_pthread_clockjoin_np(thread, result, CLOCK_REALTIME, abstime);
}

int co_pthread_detach(pthread_t thread)
{
	struct co_fiber *fiber = fiber_of(thread);

	return fiber ? -co__detach(fiber) : pthread_detach(thread);
}

/* From main it lets the other fibers finish; libc then ends the thread. Those on workers
 * of their own do so by themselves. */
void co_pthread_exit(void *result)
{
	struct co_fiber *self = co__self();

	if (self && !self->is_root)
		co__fiber_exit(result);
	if (self)
		co__worker_finish(self->worker);
	co__crew_watch_main();
	pthread_exit(result);
}

pthread_t co_pthread_self(void)
{
	struct co_fiber *self = co__ctx.running; /* in handlers too */

	return self && !self->is_root ? handle_of(self) : pthread_self();
}

int co_pthread_equal(pthread_t a, pthread_t b)
{
	return a == b;
}
