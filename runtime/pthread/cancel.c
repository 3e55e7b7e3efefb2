/* cancel.c - pthread_cancel and what goes with it, for fibers and the root fibers of
 * workers.
 *
 * Cancellation points are the mirrors. A request ends the wait of its fiber; the mirror,
 * when it has put everything back in order, calls co__cancel_point(), which does not
 * return. Asynchronous cancellation acts at the points alone, which POSIX allows for code
 * that is not async-cancel-safe. libc's own cancellation is off in workers, since it
 * would strike the loop. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../cancel.h"
#include "../wait.h"
#include "handle.h"

#include <errno.h>

int co_pthread_cancel(pthread_t thread)
{
	struct co_fiber *fiber = fiber_or_root_of(thread);

	if (!fiber)
		return pthread_cancel(thread);
	atomic_store(&fiber->cancel_requested, true);
	if (!fiber->cancel_off)
		co__wait_cancel(fiber, WAIT_POINT);
	if (fiber == co__ctx.self && fiber->cancel_async)
		co__cancel_point(fiber);
	return 0;
}

int co_pthread_setcancelstate(int state, int *before)
{
	struct co_fiber *self = co__ctx.running;

	if (!self)
		return pthread_setcancelstate(state, before);
	if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE)
		return EINVAL;
	if (before)
		*before = self->cancel_off ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
	self->cancel_off = state == PTHREAD_CANCEL_DISABLE;
	if (self->cancel_async && co__ctx.self)
		co__cancel_point(self);
	return 0;
}

int co_pthread_setcanceltype(int type, int *before)
{
	struct co_fiber *self = co__ctx.running;

	if (!self)
		return pthread_setcanceltype(type, before);
	if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS)
		return EINVAL;
	if (before)
		*before = self->cancel_async ? PTHREAD_CANCEL_ASYNCHRONOUS
					     : PTHREAD_CANCEL_DEFERRED;
	self->cancel_async = type == PTHREAD_CANCEL_ASYNCHRONOUS;
	if (self->cancel_async && co__ctx.self)
		co__cancel_point(self);
	return 0;
}

void co_pthread_testcancel(void)
{
	struct co_fiber *self = co__self();

	if (self)
		co__cancel_point(self);
	else
		pthread_testcancel();
}
