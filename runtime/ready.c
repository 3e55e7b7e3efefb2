/* ready.c - the wait of poll and its kind: the kernel answers, only the waiting is ours.
 *
 * A look that does not wait goes first and last; in between the fiber is a waiter of
 * every descriptor in the set. What cannot be watched now is looked at every few
 * milliseconds.
 *
 * A call with a signal mask of its own waits with the thread's, since other fibers run
 * meanwhile. A signalfd tells of the signals that only the call lets in; then a look with
 * the mask has the kernel run their handlers, on the fiber whose call it is. Called by
 * posix/. */
#define _GNU_SOURCE
#include "ready.h"

#include "loop/loop.h"
#include "sched.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { WATCHED_ON_STACK = 8, FRUITLESS_MOST = 8, OWN_MOST = 2 };

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

static void link_one(struct ready *r, const struct pollfd *pfd, nfds_t index)
{
	struct ready_watched *p = &r->watched[r->linked];
	struct fd_entry *e = pfd->fd < 0 ? NULL : co__fd_look(pfd->fd);

	if (!e)
		return;
	*p = (struct ready_watched){
		.waiter = {
			.fiber = co__ctx.running,
			.conditions = conditions_of(pfd->events),
			.fd = pfd->fd,
		},
		.entry = e,
		.generation = fd_generation(e),
		.index = index,
	};
	list_init(&p->waiter.link);
	if (co__waiter_link(&p->waiter, e, p->generation) == 0)
		r->linked++;
	else
		r->unwatched = true;
}

/* --- descriptors of the wait's own -------------------------------------------------------------------- */

/* It lives while the fiber is parked, so that a handler which jumps out of the call
 * leaves nothing behind. Other descriptors may share its description. */
static void own_open(struct ready *r, struct ready_own *own, int fd)
{
	struct fd_entry *e = co__fd_entry(co__fd_opened(fd, FD_EVENTS, FD_NONBLOCK | FD_SHARED));

	own->fd = fd;
	own->generation = e ? fd_generation(e) : 0;
	r->unwatched |= fd < 0;
	link_one(r, &(struct pollfd){fd, POLLIN, 0}, r->n);
}

/* The number may be somebody else's: dup2(2) takes what it is told to take. */
static void own_close(const struct ready_own *own)
{
	struct fd_entry *e = co__fd_entry(own->fd);
	uint32_t generation;

	if (own->fd < 0 || (e && fd_generation(e) != own->generation))
		return;
	generation = co__fd_close_begin(own->fd);
	close(own->fd);
	co__fd_close_done(own->fd, generation);
}

void co__ready_watch(struct ready *r, int fd)
{
	own_open(r, &r->summons, fd);
}

/* The signals that MASK lets in and the thread does not; false if there are none. */
static bool let_in(const sigset_t *mask, sigset_t *set)
{
	sigset_t blocked;
	bool any = false;

	pthread_sigmask(SIG_SETMASK, NULL, &blocked);
	sigemptyset(set);
	for (int signo = 1; signo < NSIG; signo++)
		if (sigismember(&blocked, signo) > 0 && sigismember(mask, signo) == 0)
			any |= sigaddset(set, signo) == 0;
	return any;
}

static void signals_open(struct ready *r)
{
	sigset_t set;

	if (r->mask && let_in(r->mask, &set))
		own_open(r, &r->signals, signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

/* --- the wait ----------------------------------------------------------------------------------------- */

/* A condition that the call does not ask for may hold for ever (epoll always tells of a
 * hang-up, select does not ask for it): no wait that it would end at once. */
static void link_all(struct ready *r)
{
	r->linked = 0;
	r->closed = false;
	r->unwatched = r->fruitless >= FRUITLESS_MOST;
	r->joined = !r->unwatched;
	r->signals.fd = r->summons.fd = -1;
	signals_open(r);
	for (nfds_t i = 0; i < r->n && r->joined; i++)
		link_one(r, &r->fds[i], i);
	if (r->joined && r->link)
		r->link(r);
}

static void unlink_all(struct ready *r)
{
	if (r->joined && r->unlink)
		r->unlink(r);
	for (nfds_t i = 0; i < r->linked; i++) {
		struct ready_watched *p = &r->watched[i];
		co__waiter_unlink(&p->waiter, p->entry, p->generation);
		p->closed = fd_generation(p->entry) != p->generation;
		r->closed |= p->closed && p->index < r->n;
	}
}

/* The result, 0 to wait on, or -errno; -ETIME when DUE has passed.
 *
 * The kernel looks once more when a signal has ended its wait, before the handler runs:
 * what is there counts, a byte that the handler writes does not. */
static int wait_once(struct ready *r)
{
	uint64_t due = r->due;
	int why, answer;

	co__wait_begin(r->how);
	link_all(r);
	if (r->unwatched && due_after(unwatched_pause) < due)
		due = due_after(unwatched_pause);
	why = co__wait_park(due);
	unlink_all(r);
	answer = r->look(r, NULL);
	own_close(&r->signals);
	own_close(&r->summons);
	r->fruitless = why == 0 ? r->fruitless + 1 : 0;
	why = co__wait_end(why);
	if (answer != 0)
		return answer;
	if (why == -ETIME && due < r->due)
		return 0;
	return why == -EBADF || why == -ERESTART ? 0 : why;
}

/* A handler that runs in here was this fiber's, and interrupts no other one's wait. */
static int look_with_mask(struct ready *r)
{
	struct co_fiber *self = co__ctx.running;
	int answer = r->look(r, r->mask);

	if (answer == -EINTR && r->mask && !self->is_root)
		atomic_fetch_and(&self->worker->interrupted,
			~(INTERRUPT_STOP | INTERRUPT_RESTART));
	return answer;
}

static int wait_on(struct ready *r)
{
	int answer;

	do {
		answer = wait_once(r);
		if (answer == 0 && r->mask)
			answer = look_with_mask(r);
	} while (answer == 0);
	return answer == -ETIME ? 0 : answer;
}

/* A signal that only the mask of the call blocks comes to other threads, as fibers are;
 * but it has to wait where there are none. */
static int wait_with_mask(struct ready *r)
{
	struct co_fiber *self = co__ctx.running;
	sigset_t before;
	int answer;

	if (!r->mask || !self->is_root || self->worker->live > 0)
		return wait_on(r);
	pthread_sigmask(SIG_BLOCK, r->mask, &before);
	answer = wait_on(r);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return answer;
}

static int wait_with_memory(struct ready *r)
{
	struct ready_watched few[WATCHED_ON_STACK + OWN_MOST];
	int answer;

	r->watched = few;
	if (r->n <= WATCHED_ON_STACK)
		return wait_with_mask(r);
	r->watched = malloc((r->n + OWN_MOST) * sizeof(*r->watched));
	if (!r->watched)
		return -ENOMEM;
	answer = wait_with_mask(r);
	free(r->watched);
	return answer;
}

int co__ready_wait(struct ready *r)
{
	int answer = look_with_mask(r);

	return answer ? answer : wait_with_memory(r);
}
