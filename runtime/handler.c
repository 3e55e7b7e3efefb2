/* handler.c - entering and leaving signal handlers.
 *
 * Invariant: co__ctx.self is NULL and handler_frame set exactly while a handler of the
 * program runs on the thread. A handler that is left by siglongjmp(3) is noticed by the
 * first mirror after it, from where the stack pointer is. Everything here is
 * async-signal-safe. */
#define _GNU_SOURCE
#include "handler.h"

#include <errno.h>
#include <signal.h>

void (*co__handler_trampoline)(int signo, siginfo_t *info, void *context);

static bool on_stack(const stack_t *stack, const char *address)
{
	const char *low = stack->ss_sp;

	return !(stack->ss_flags & SS_DISABLE) && address >= low &&
		address < low + stack->ss_size;
}

/* Whether HERE is in a handler that has FRAME or in what that calls. Nothing but handlers
 * runs on the alternate stack. */
static bool is_inside(const char *frame, const char *here)
{
	stack_t alternate;
	int error = errno;

	if (sigaltstack(NULL, &alternate) < 0)
		alternate.ss_flags = SS_DISABLE;
	errno = error;
	return on_stack(&alternate, here) || (!on_stack(&alternate, frame) && here < frame);
}

/* If the handler whose frame is noted was left: be what we were before it. */
static void notice_jump(const char *here)
{
	if (is_inside(co__ctx.handler_frame, here))
		return;
	co__ctx.handler_frame = NULL;
	co__ctx.self = co__ctx.running;
}

__attribute__((noinline)) struct co_fiber *co__handler_left(void)
{
	notice_jump(__builtin_frame_address(0));
	return co__ctx.self;
}

void co__handler_enter(struct handler *handler, void *frame)
{
	if (co__ctx.handler_frame)
		notice_jump(frame);
	handler->self = co__ctx.self;
	handler->outer_frame = co__ctx.handler_frame;
	co__ctx.self = NULL;
	if (!handler->outer_frame)
		co__ctx.handler_frame = frame;
}

/* Whether the signal was sent to one fiber, see pthread/kill.c. */
static bool take_directed(struct worker *w)
{
	int n = atomic_load(&w->directed);

	while (n > 0)
		if (atomic_compare_exchange_weak(&w->directed, &n, n - 1))
			return true;
	return false;
}

/* The loop looks at it before it waits; only where it is about to wait already it has to
 * be told. */
static void interrupt(struct worker *w, int how)
{
	atomic_fetch_or(&w->interrupted, how);
	if (!co__ctx.running)
		w->notify(w);
}

void co__handler_leave(const struct handler *handler, bool restarts)
{
	struct worker *w = co__ctx.worker;
	int error = errno;

	co__ctx.self = handler->self;
	co__ctx.handler_frame = handler->outer_frame;
	if (w)
		interrupt(w, take_directed(w)      ? INTERRUPT_DIRECTED
				: restarts ? INTERRUPT_RESTART
					   : INTERRUPT_STOP);
	errno = error;
}

void co__handler_later(void)
{
	struct worker *w = co__ctx.worker;
	int error = errno;

	if (w)
		interrupt(w, INTERRUPT_LATER);
	errno = error;
}
