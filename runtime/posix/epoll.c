/* epoll.c - epoll_create, epoll_create1, epoll_wait, epoll_pwait, epoll_pwait2: a set of
 * descriptors that the kernel keeps.
 *
 * The set is itself a descriptor that is readable when one of its members is ready, so
 * the wait is one for it; what is ready is the kernel's to say. See ready.h. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../ready.h"
#include "readycall.h"
#include "usermem.h"

#include <errno.h>

struct epoll_call {
	struct ready ready;
	struct pollfd set; /* the epoll descriptor */
	struct epoll_event *events;
	int most;
};

/* With nothing to report and no time to wait the kernel does not look for signals, but
 * ppoll(2) does. */
static int serve_signals(const sigset_t *mask)
{
	return ppoll(NULL, 0, &(struct timespec){0}, mask) < 0 ? -errno : 0;
}

static int look(struct ready *r, const sigset_t *mask)
{
	struct epoll_call *c = LIST_OWNER(r, struct epoll_call, ready);
	int n;

	if (r->closed)
		return -EBADF;
	n = epoll_pwait(c->set.fd, c->events, c->most, 0, mask);
	if (n < 0)
		return -errno;
	return n == 0 && mask ? serve_signals(mask) : n;
}

static int wait_until(struct epoll_call *c, uint64_t due, const sigset_t *mask)
{
	c->ready.fds = &c->set;
	c->ready.n = 1;
	c->ready.due = due;
	c->ready.mask = mask;
	c->ready.look = look;
	c->ready.how = WAIT_SIGNALS | WAIT_NO_RESTART;
	return ready_call(&c->ready);
}

int co_epoll_wait(int set, struct epoll_event *events, int most, int timeout)
{
	return co_epoll_pwait(set, events, most, timeout, NULL);
}

int co_epoll_pwait(
	int set, struct epoll_event *events, int most, int timeout, const sigset_t *mask)
{
	struct epoll_call c = {.set = {set, POLLIN, 0}, .events = events, .most = most};

	if (!ready_begin() || timeout == 0)
		return epoll_pwait(set, events, most, timeout, mask);
	return wait_until(&c, ready_due_ms(timeout), mask);
}

/* A timeout that cannot be read is the kernel's to refuse. */
int co_epoll_pwait2(int set, struct epoll_event *events, int most,
	const struct timespec *timeout, const sigset_t *mask)
{
	struct epoll_call c = {.set = {set, POLLIN, 0}, .events = events, .most = most};
	struct timespec span;
	uint64_t due;

	if (!ready_begin() || (timeout && !usermem_read(&span, timeout, sizeof(span))) ||
		!ready_due(timeout ? &span : NULL, &due))
		return epoll_pwait2(set, events, most, timeout, mask);
	return wait_until(&c, due, mask);
}

/* A set has no O_NONBLOCK that would mean anything. */
int co_epoll_create1(int flags)
{
	return co__fd_opened(epoll_create1(flags), FD_EVENTS, 0);
}

int co_epoll_create(int size)
{
	return co__fd_opened(epoll_create(size), FD_EVENTS, 0);
}
