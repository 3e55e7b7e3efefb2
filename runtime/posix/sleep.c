/* sleep.c - sleep, usleep, nanosleep, sched_yield. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../cancel.h"
#include "../sched.h"
#include "../wait.h"
#include "usermem.h"

#include <errno.h>
#include <stdbool.h>

/* 0, or -errno and what is left of the time. */
static int sleep_ns(uint64_t ns, uint64_t *left)
{
	uint64_t due = due_after(ns), now;
	int error = errno;
	int r;

	co__cancel_point(co__ctx.self);
	do {
		r = co__wait_until(due, WAIT_SIGNALS | WAIT_NO_RESTART);
	} while (r == -ERESTART);
	if (r == -ECANCELED)
		co__cancel_point(co__ctx.self);
	errno = error;
	if (r == -ETIME)
		return 0;
	now = now_ns();
	*left = due > now ? due - now : 0;
	return r;
}

int co_nanosleep(const struct timespec *wanted, struct timespec *left)
{
	struct timespec span;
	uint64_t left_ns;
	int r;

	if (!co__self())
		return nanosleep(wanted, left);
	/* What the kernel refuses it refuses at once. */
	if (!usermem_read(&span, wanted, sizeof(span)) || span.tv_sec < 0 || span.tv_nsec < 0 ||
		span.tv_nsec >= (long)NS_PER_S)
		return nanosleep(wanted, left);
	r = sleep_ns(ns_of_timespec(&span), &left_ns);
	if (r == 0)
		return 0;
	if (left)
		*left = timespec_of_ns(left_ns);
	errno = -r;
	return -1;
}

int co_usleep(useconds_t us)
{
	uint64_t left;
	int r;

	if (!co__self())
		return usleep(us);
	r = sleep_ns(us * NS_PER_US, &left);
	if (r == 0)
		return 0;
	errno = -r;
	return -1;
}

/* The whole seconds that are left, and an errno that sleep(3) does not speak of. */
unsigned co_sleep(unsigned seconds)
{
	uint64_t left;
	int r;

	if (!co__self())
		return sleep(seconds);
	r = sleep_ns(seconds * NS_PER_S, &left);
	if (r == 0)
		return 0;
	errno = -r;
	return (unsigned)(left / NS_PER_S);
}

/* A fiber that is alone gives the CPU to other threads. */
int co_sched_yield(void)
{
	struct co_fiber *self = co__self();
	bool alone;

	if (!self)
		return sched_yield();
	alone = !co__has_ready(self->worker);
	co__yield();
	return alone ? sched_yield() : 0;
}
