/* join.c - joining and detaching: who frees a fiber.
 *
 * Invariant: of the bits of fiber->end, END_DONE is set by the worker's loop when the
 * fiber's stack is left for good; whoever then sees END_DETACHED with it, or owns
 * END_JOINING, frees the fiber, once. */
#define _GNU_SOURCE
#include "join.h"

#include "loop/loop.h"
#include "lot.h"
#include "wait.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

void co__join_born(struct co_fiber *fiber)
{
	co__timers_take(&fiber->worker->loop->timers, fiber->room);
}

/* In the loop's context. */
void co__join_ended(struct co_fiber *fiber)
{
	unsigned before;

	co__timer_disarm(&fiber->worker->loop->timers, &fiber->timer);
	before = atomic_fetch_or(&fiber->end, END_DONE);
	if (before & END_DETACHED) {
		co__fiber_free(fiber);
		return;
	}
	/* A joiner may free it as soon as END_DONE is seen; the wakes use its address
	 * alone. */
	syscall(SYS_futex, &fiber->end, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
	co__lot_wake(fiber, 1);
}

/* A thread begins with what its maker has. */
static void inherit(struct co_fiber *fiber)
{
	const struct worker *w = co__ctx.worker;
	const struct co_fiber *maker = w && !co__ctx.running ? &w->root : co__ctx.running;
	struct sched_param param = {0};

	if (!maker) {
		pthread_getschedparam(pthread_self(), &fiber->policy, &param);
		fiber->priority = param.sched_priority;
		return;
	}
	fiber->policy = maker->policy;
	fiber->priority = maker->priority;
	if (!maker->processors)
		return;
	fiber->processors = malloc(sizeof(cpu_set_t));
	if (fiber->processors)
		memcpy(fiber->processors, maker->processors, sizeof(cpu_set_t));
}

/* That of the fiber, which is one of the live, and those of root and loop. */
static int reserve_timer(struct co_fiber *fiber)
{
	struct worker *w = fiber->worker;
	unsigned count = atomic_load(&w->live) + 2;

	if (w == co__ctx.worker)
		return co__timers_reserve(&w->loop->timers, count);
	return co__timers_prepare(&w->loop->timers, count, &fiber->room);
}

int co__spawn(struct worker *w, const struct spawn *spawn, struct co_fiber **fiber)
{
	int r = co__fiber_new(w, spawn, fiber);

	if (r < 0)
		return r;
	r = reserve_timer(*fiber);
	if (r < 0) {
		co__fiber_give_up(*fiber);
		return r;
	}
	inherit(*fiber);
	return 0;
}

void co__start(struct co_fiber *fiber)
{
	struct timers *timers = &fiber->worker->loop->timers;
	unsigned capacity = fiber->room ? fiber->room->capacity : 0;

	co__fiber_start(fiber);
	co__timers_promised(timers, capacity);
}

/* A thread without a worker, and a signal handler, block for real. */
static int wait_plainly(struct co_fiber *fiber, uint64_t due)
{
	unsigned end;

	while (!((end = atomic_load(&fiber->end)) & END_DONE)) {
		uint64_t now = due == DUE_NEVER ? 0 : now_ns();
		struct timespec left = timespec_of_ns(due - now);
		if (now >= due)
			return -ETIME;
		syscall(SYS_futex, &fiber->end, FUTEX_WAIT_PRIVATE, end,
			due == DUE_NEVER ? NULL : &left, NULL, 0);
	}
	return 0;
}

static bool cancel_due(void)
{
	const struct co_fiber *self = co__ctx.running;

	return atomic_load(&self->cancel_requested) && !self->cancel_off;
}

static int wait_parked(struct co_fiber *fiber, uint64_t due, unsigned how)
{
	struct lot_waiter waiter;
	int r = 0;

	while (r == 0 && !(atomic_load(&fiber->end) & END_DONE)) {
		co__lot_enter(&waiter, fiber, how);
		if (atomic_load(&fiber->end) & END_DONE)
			co__lot_leave(&waiter);
		else
			r = co__lot_park(&waiter, due);
		if (r == -ECANCELED && how & WAIT_DEAF && !cancel_due())
			r = 0; /* a request that came for an earlier wait */
		if (r == -ERESTART)
			r = 0;
	}
	return r;
}

int co__join(struct co_fiber *fiber, void **result, uint64_t due, unsigned how)
{
	int r = 0;

	if (fiber == co__self())
		return -EDEADLK;
	if (atomic_fetch_or(&fiber->end, END_JOINING) & (END_JOINING | END_DETACHED))
		return -EINVAL;
	if (co__self())
		r = wait_parked(fiber, due, how);
	else
		r = wait_plainly(fiber, due);
	if (r < 0) {
		atomic_fetch_and(&fiber->end, ~(unsigned)END_JOINING);
		return r;
	}
	if (result)
		*result = fiber->result;
	co__fiber_free(fiber);
	return 0;
}

int co__detach(struct co_fiber *fiber)
{
	unsigned before = atomic_load(&fiber->end);

	do {
		if (before & (END_DETACHED | END_JOINING))
			return -EINVAL;
	} while (!atomic_compare_exchange_weak(
		&fiber->end, &before, before | END_DETACHED));
	if (before & END_DONE)
		co__fiber_free(fiber);
	return 0;
}
