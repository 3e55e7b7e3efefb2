/* kill.c - signals that are sent to one thread, when that is a fiber.
 *
 * The kernel delivers to the fiber's OS thread; which of its fibers is running then
 * cannot be chosen, so pthread_self() in the handler is whoever that is. What the signal
 * interrupts is the fiber's wait, and no other's. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../wait.h"
#include "handle.h"

#include <errno.h>

/* Whether a handler will run, and if so whether calls go on after it. */
static bool is_caught(int signo, bool *restarts)
{
	struct sigaction action;
	int error = errno;

	if (sigaction(signo, NULL, &action) < 0) {
		errno = error;
		return false;
	}
	if (action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN)
		return false;
	*restarts = action.sa_flags & SA_RESTART;
	return true;
}

static int deliver(struct co_fiber *fiber, int signo, const union sigval *value)
{
	struct worker *w = fiber->worker;
	bool restarts, caught = is_caught(signo, &restarts);
	int r;

	if (atomic_load(&fiber->end) & END_DONE) /* no thread, no signal */
		return value ? ESRCH : 0;

	if (caught)
		atomic_fetch_add(&w->directed, 1);
	r = value ? pthread_sigqueue(w->thread, signo, *value) : pthread_kill(w->thread, signo);
	if (r != 0 && caught)
		atomic_fetch_sub(&w->directed, 1);
	else if (caught)
		co__wait_interrupt_one(fiber, restarts);
	return r;
}

int co_pthread_kill(pthread_t thread, int signo)
{
	struct co_fiber *fiber = fiber_of(thread);

	if (!fiber)
		return pthread_kill(thread, signo);
	return deliver(fiber, signo, NULL);
}

int co_pthread_sigqueue(pthread_t thread, int signo, const union sigval value)
{
	struct co_fiber *fiber = fiber_of(thread);

	if (!fiber)
		return pthread_sigqueue(thread, signo, value);
	return deliver(fiber, signo, &value);
}
