/* poll.c - poll: the kernel answers, only the waiting is ours.
 *
 * A poll(2) that does not wait goes first and last; in between the fiber is a waiter of
 * every descriptor in the set. A descriptor that cannot be watched now is looked at every
 * few milliseconds. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../cancel.h"
#include "../fdwait.h"
#include "../loop/loop.h"
#include "../sched.h"

#include <errno.h>
#include <stdlib.h>

enum { WAITERS_ON_STACK = 8 };

struct polled {
	struct waiter waiter;
	struct fd_entry *entry;
	uint32_t generation;
	nfds_t index; /* in the user's array */
	bool closed;  /* while we waited; the number may be somebody else's by now */
};

struct poll_call {
	struct pollfd *fds;
	nfds_t n;
	uint64_t due;
	struct polled *polled;
	nfds_t linked;  /* how many of polled are in use */
	bool closed;    /* one of them was closed */
	bool unwatched; /* a descriptor of the set cannot be watched */
};

static const uint64_t unwatched_pause = 10 * NS_PER_MS;

/* epoll reports the plain bits; the others of poll(2) come with them. */
static uint32_t conditions_of(short events)
{
	uint32_t conditions = (uint32_t)(unsigned short)events;

	if (events & (POLLRDNORM | POLLRDBAND | POLLMSG))
		conditions |= EPOLLIN | EPOLLPRI;
	if (events & (POLLWRNORM | POLLWRBAND))
		conditions |= EPOLLOUT;
	return conditions;
}

static void link_one(struct poll_call *c, nfds_t index)
{
	const struct pollfd *pfd = &c->fds[index];
	struct polled *p = &c->polled[c->linked];
	struct fd_entry *e = pfd->fd < 0 ? NULL : co__fd_look(pfd->fd);

	if (!e)
		return;
	*p = (struct polled){
		.waiter = {
			.fiber = co__self(),
			.conditions = conditions_of(pfd->events),
			.fd = pfd->fd,
		},
		.entry = e,
		.generation = fd_generation(e),
		.index = index,
	};
	list_init(&p->waiter.link);
	if (co__waiter_link(&p->waiter, e, p->generation) == 0)
		c->linked++;
	else
		c->unwatched = true;
}

static void unlink_all(struct poll_call *c)
{
	for (nfds_t i = 0; i < c->linked; i++) {
		struct polled *p = &c->polled[i];
		co__waiter_unlink(&p->waiter, p->entry, p->generation);
		p->closed = fd_generation(p->entry) != p->generation;
		c->closed |= p->closed;
	}
}

/* The kernel's answer, but for the descriptors that were closed: POLLNVAL. */
static int look(struct poll_call *c)
{
	int r = poll(c->fds, c->n, 0);

	if (r < 0)
		return -errno;
	for (nfds_t i = 0; c->closed && i < c->linked; i++) {
		struct pollfd *pfd = &c->fds[c->polled[i].index];
		if (!c->polled[i].closed)
			continue;
		r += pfd->revents == 0;
		pfd->revents = POLLNVAL;
	}
	return r;
}

/* 0 to look again, or -errno. */
static int wait_for_any(struct poll_call *c)
{
	uint64_t due = c->due;
	int r;

	c->unwatched = false;
	c->linked = 0;
	co__wait_begin(WAIT_SIGNALS | WAIT_NO_RESTART);
	for (nfds_t i = 0; i < c->n; i++)
		link_one(c, i);
	/* Closed meanwhile, or always ready after all: a second look decides. */
	if (c->unwatched && due_after(unwatched_pause) < due)
		due = due_after(unwatched_pause);
	r = co__wait_park(due);
	unlink_all(c);
	r = co__wait_end(r);
	if (r == -ETIME && due < c->due)
		return 0;
	return r == -EBADF || r == -ERESTART ? 0 : r;
}

static int poll_parked(struct poll_call *c)
{
	int r;

	for (;;) {
		r = look(c);
		if (r != 0)
			return r;
		r = wait_for_any(c);
		if (r == -ETIME) /* what came at the last moment counts */
			return look(c);
		if (r < 0)
			return r;
	}
}

static int with_memory(struct poll_call *c)
{
	struct polled few[WAITERS_ON_STACK];
	int r;

	if (c->n <= WAITERS_ON_STACK) {
		c->polled = few;
		return poll_parked(c);
	}
	c->polled = malloc(c->n * sizeof(*c->polled));
	if (!c->polled)
		return -ENOMEM;
	r = poll_parked(c);
	free(c->polled);
	return r;
}

int co_poll(struct pollfd *fds, nfds_t n, int timeout)
{
	struct poll_call c = {.fds = fds, .n = n};
	int error = errno;
	int r;

	if (!co__self())
		return poll(fds, n, timeout);
	co__turn(co__ctx.worker);
	co__cancel_point(co__ctx.self);
	if (timeout == 0)
		return poll(fds, n, 0);
	c.due = timeout < 0 ? DUE_NEVER : due_after((uint64_t)timeout * NS_PER_MS);
	r = poll(fds, n, 0);
	if (r == 0)
		r = with_memory(&c);
	else if (r < 0)
		r = -errno;
	if (r == -ECANCELED)
		co__cancel_point(co__ctx.self);
	errno = r < 0 ? -r : error;
	return r < 0 ? -1 : r;
}
