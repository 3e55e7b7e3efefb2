/* sigmask.c - pthread_sigmask and sigprocmask: a fiber's mask is its own. The kernel's
 * call does the work, since the thread's mask is the running fiber's. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../fiber.h"
#include "../sigmask.h"

#include <signal.h>

static void note_change(const sigset_t *set)
{
	struct co_fiber *self = co__self();

	if (set && self)
		co__sigmask_changed(self);
}

int co_pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict before)
{
	int r = pthread_sigmask(how, set, before);

	note_change(set);
	return r;
}

int co_sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict before)
{
	int r = sigprocmask(how, set, before);

	note_change(set);
	return r;
}
