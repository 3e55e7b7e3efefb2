/* poll.c - poll, ppoll: a set of descriptors as the kernel's array. See ready.h. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../ready.h"
#include "readycall.h"

#include <errno.h>

struct poll_call {
	struct ready ready;
	struct pollfd *fds;
};

/* The kernel's answer, but for the descriptors that were closed: POLLNVAL. */
static int look(struct ready *r, const sigset_t *mask)
{
	struct pollfd *fds = LIST_OWNER(r, struct poll_call, ready)->fds;
	int n = mask ? ppoll(fds, r->n, &(struct timespec){0}, mask) : poll(fds, r->n, 0);

	if (n < 0)
		return -errno;
	for (nfds_t i = 0; r->closed && i < r->linked; i++) {
		const struct ready_watched *p = &r->watched[i];
		if (!p->closed || p->index >= r->n)
			continue;
		n += fds[p->index].revents == 0;
		fds[p->index].revents = POLLNVAL;
	}
	return n;
}

static int poll_until(struct pollfd *fds, nfds_t n, uint64_t due, const sigset_t *mask)
{
	struct poll_call c = {
		.ready = {.fds = fds, .n = n, .due = due, .mask = mask, .look = look,
			.how = WAIT_SIGNALS | WAIT_NO_RESTART},
		.fds = fds,
	};

	return ready_call(&c.ready);
}

int co_poll(struct pollfd *fds, nfds_t n, int timeout)
{
	if (!ready_begin())
		return poll(fds, n, timeout);
	if (timeout == 0)
		return poll(fds, n, 0);
	return poll_until(fds, n, ready_due_ms(timeout), NULL);
}

int co_ppoll(struct pollfd *fds, nfds_t n, const struct timespec *timeout,
	const sigset_t *mask)
{
	uint64_t due;

	if (!ready_begin() || !ready_due(timeout, &due))
		return ppoll(fds, n, timeout, mask);
	return poll_until(fds, n, due, mask);
}
