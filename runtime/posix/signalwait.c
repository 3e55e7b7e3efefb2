/* signalwait.c - sigwait, sigwaitinfo, sigtimedwait, sigsuspend, pause: waiting for a
 * signal, or for a handler to run.
 *
 * The signals are blocked, so they stay pending for the fibers' thread or for the
 * process; a signalfd tells that one of them is there, the kernel's own call without
 * waiting takes it. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "readycall.h"
#include "usermem.h"

#include <errno.h>
#include <limits.h>
#include <sys/signalfd.h>

struct signal_wait {
	struct ready ready;
	const sigset_t *set;
	siginfo_t *info;
};

static int look(struct ready *ready, const sigset_t *mask)
{
	const struct signal_wait *s = LIST_OWNER(ready, struct signal_wait, ready);
	int signo = sigtimedwait(s->set, s->info, &(struct timespec){0});

	(void)mask;
	if (signo >= 0)
		return signo;
	return errno == EAGAIN ? 0 : -errno;
}

static void open_signalfd(struct ready *ready)
{
	const struct signal_wait *s = LIST_OWNER(ready, struct signal_wait, ready);

	co__ready_watch(ready, signalfd(-1, s->set, SFD_CLOEXEC | SFD_NONBLOCK));
}

/* The signal, or -errno. */
static int wait_for(const sigset_t *set, siginfo_t *info, uint64_t due, unsigned how)
{
	struct signal_wait s = {.set = set, .info = info};
	int r;

	s.ready.due = due;
	s.ready.how = how;
	s.ready.look = look;
	s.ready.link = open_signalfd;
	r = co__ready_wait(&s.ready);
	return r == 0 ? -EAGAIN : r;
}

int co_sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
	const struct timespec *restrict timeout)
{
	struct timespec span;
	uint64_t due;
	int error = errno;

	if (!ready_begin() || (timeout && !usermem_read(&span, timeout, sizeof(span))) ||
		!ready_due(timeout ? &span : NULL, &due))
		return sigtimedwait(set, info, timeout);
	return ready_end(wait_for(set, info, due, WAIT_SIGNALS | WAIT_NO_RESTART), error);
}

int co_sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
	return co_sigtimedwait(set, info, NULL);
}

/* Handlers that run meanwhile do not end it. */
int co_sigwait(const sigset_t *restrict set, int *restrict signo)
{
	int error = errno, r;

	if (!ready_begin())
		return sigwait(set, signo);
	r = wait_for(set, NULL, DUE_NEVER, 0);
	if (ready_end(r, error) < 0)
		return errno;
	*signo = r;
	return 0;
}

/* Nothing to wait for but what the mask lets in is ppoll(2)'s, too, which takes NULL for
 * no mask. */
int co_sigsuspend(const sigset_t *mask)
{
	char kernel_set[NSIG / CHAR_BIT];

	if (!co__self() || !usermem_read(kernel_set, mask, sizeof(kernel_set)))
		return sigsuspend(mask);
	return co_ppoll(NULL, 0, NULL, mask);
}

int co_pause(void)
{
	int error = errno, r;

	if (!ready_begin())
		return pause();
	do {
		r = co__wait_until(DUE_NEVER, WAIT_SIGNALS | WAIT_NO_RESTART);
	} while (r == -ERESTART);
	return ready_end(r, error);
}
