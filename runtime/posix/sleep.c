/* sleep.c - sleep, usleep, nanosleep, clock_nanosleep, thrd_sleep, sched_yield.
 *
 * Most waits are for a point in CLOCK_MONOTONIC's time. Other clocks can be set, or go on
 * while the machine is suspended: a timerfd of theirs tells when the time has come. CPU
 * clocks and the rare rest are waited for on the pool. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../cancel.h"
#include "../loop/offload.h"
#include "../sched.h"
#include "../wait.h"
#include "readycall.h"
#include "usermem.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/timerfd.h>

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

/* What an interrupted sleep says of the rest: R, or -EFAULT. */
static int write_left(int r, struct timespec *left, uint64_t left_ns)
{
	const struct timespec rest = timespec_of_ns(left_ns);

	return left && !usermem_write(left, &rest, sizeof(rest)) ? -EFAULT : r;
}

static int sleep_span(const struct timespec *span, struct timespec *left)
{
	uint64_t left_ns;
	int r = sleep_ns(ns_of_timespec(span), &left_ns);

	return r < 0 ? write_left(r, left, left_ns) : 0;
}

/* What the kernel refuses it refuses at once. */
int co_nanosleep(const struct timespec *wanted, struct timespec *left)
{
	struct timespec span;
	int r;

	if (!co__self())
		return nanosleep(wanted, left);
	if (!usermem_read(&span, wanted, sizeof(span)) || !ready_span_is_valid(&span))
		return nanosleep(wanted, left);
	r = sleep_span(&span, left);
	if (r == 0)
		return 0;
	errno = -r;
	return -1;
}

/* --- clocks ---------------------------------------------------------------------------------------- */

struct clock_wait {
	struct ready ready;
	clockid_t clock;
	uint64_t until; /* in its time */
};

static int look(struct ready *ready, const sigset_t *mask)
{
	const struct clock_wait *c = LIST_OWNER(ready, struct clock_wait, ready);

	(void)mask;
	return clock_ns(c->clock) >= c->until;
}

static void set_timer(struct ready *ready)
{
	const struct clock_wait *c = LIST_OWNER(ready, struct clock_wait, ready);
	const struct itimerspec when = {.it_value = timespec_of_ns(c->until)};
	int fd = timerfd_create(c->clock, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd >= 0)
		timerfd_settime(fd, TFD_TIMER_ABSTIME, &when, NULL);
	co__ready_watch(ready, fd);
}

static int wait_for_clock(struct clock_wait *c)
{
	const bool ours = c->clock == CLOCK_MONOTONIC;
	int error = errno, r;

	c->ready.due = ours ? c->until : DUE_NEVER;
	c->ready.how = WAIT_SIGNALS | WAIT_NO_RESTART;
	c->ready.look = look;
	c->ready.link = ours ? NULL : set_timer;
	r = co__ready_wait(&c->ready);
	if (r == -ECANCELED)
		co__cancel_point(co__ctx.self);
	errno = error;
	return r < 0 ? r : 0;
}

static int sleep_until(clockid_t clock, const struct timespec *until)
{
	struct clock_wait c = {.clock = clock, .until = ns_of_timespec(until)};

	return wait_for_clock(&c);
}

/* Its relative waits, too, count the time of a suspended machine. */
static int sleep_boottime(const struct timespec *span, struct timespec *left)
{
	struct clock_wait c = {.clock = CLOCK_BOOTTIME};
	uint64_t now;
	int r;

	c.until = ns_add(clock_ns(c.clock), ns_of_timespec(span));
	r = wait_for_clock(&c);
	now = clock_ns(c.clock);
	return r < 0 ? write_left(r, left, c.until > now ? c.until - now : 0) : 0;
}

struct plain_sleep {
	clockid_t clock;
	int flags;
	const struct timespec *wanted;
	struct timespec *left;
};

static long sleep_plainly(void *arg)
{
	const struct plain_sleep *p = arg;

	return clock_nanosleep(p->clock, p->flags, p->wanted, p->left);
}

static bool has_timers(clockid_t clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC ||
	       clock == CLOCK_BOOTTIME;
}

/* A relative wait on CLOCK_REALTIME does not care when that is set. */
int co_clock_nanosleep(
	clockid_t clock, int flags, const struct timespec *wanted, struct timespec *left)
{
	struct plain_sleep plain = {clock, flags, wanted, left};
	struct timespec span;

	if (!ready_begin())
		return clock_nanosleep(clock, flags, wanted, left);
	if (!has_timers(clock))
		return (int)co__offload(sleep_plainly, &plain);
	if (!usermem_read(&span, wanted, sizeof(span)) || !ready_span_is_valid(&span))
		return clock_nanosleep(clock, flags, wanted, left);
	if (flags & TIMER_ABSTIME)
		return -sleep_until(clock, &span);
	if (clock == CLOCK_BOOTTIME)
		return -sleep_boottime(&span, left);
	return -sleep_span(&span, left);
}

int co_thrd_sleep(const struct timespec *wanted, struct timespec *left)
{
	switch (co_clock_nanosleep(CLOCK_REALTIME, 0, wanted, left)) {
	case 0:
		return 0;
	case EINTR:
		return -1;
	default:
		return -2;
	}
}

/* --- older ones ------------------------------------------------------------------------------------ */

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
