/* fdwait.c - the retry loop's state: options of the descriptor, deadline, waiting.
 *
 * Invariant: nothing is believed about a description that somebody else may change:
 * O_NONBLOCK and the timeouts are read before the first wait on a descriptor of our own,
 * and before the first wait of each call on one that is shared. Called by posix/. */
#define _GNU_SOURCE
#include "fdwait.h"

#include "cancel.h"
#include "loop/loop.h"
#include "sched.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

static const uint64_t unwatchable_pause = 10 * NS_PER_MS;

/* Another thread is closing the number right now: it is about to be done, and no plain
 * call may wait for ever on what it closes. */
static struct fd_entry *await_close(int fd, struct fd_entry *e)
{
	while (e && fd_kind(e) == FD_UNKNOWN && fd_flags(e) & FD_CLOSING) {
		co__yield();
		e = co__fd_look(fd);
	}
	return e;
}

static struct fd_entry *look(int fd)
{
	struct fd_entry *e = await_close(fd, co__fd_look(fd));

	return e && fd_kind(e) == FD_READY ? co__fd_look_anew(fd) : e;
}

bool co__fdwait_begin(struct fdwait *wait, int fd, enum fd_dir dir)
{
	int error = errno;
	struct fd_entry *e;
	unsigned known = dir == DIR_IN ? FD_KNOWN_IN : FD_KNOWN_OUT;

	if (!co__self())
		return false;
	co__turn(co__ctx.worker);
	co__cancel_point(co__ctx.self);
	e = look(fd);
	errno = error;
	if (!e || fd_kind(e) == FD_READY || fd_kind(e) == FD_UNKNOWN)
		return false;
	wait->entry = e;
	wait->fd = fd;
	wait->dir = dir;
	wait->generation = fd_generation(e);
	wait->shared = fd_shared(e);
	if (!wait->shared && fd_flags(e) & FD_NONBLOCK && fd_flags(e) & known)
		return false;
	wait->woken = wait->waited = wait->moved = wait->renewed = false;
	wait->error = error;
	wait->has_due = false;
	return true;
}

static uint64_t read_timeout(int fd, int option)
{
	struct timeval tv = {0};
	socklen_t size = sizeof(tv);

	if (getsockopt(fd, SOL_SOCKET, option, &tv, &size) < 0)
		return 0;
	return ns_of_timeval(&tv);
}

/* What the kernel says of the description. */
static void read_options(struct fdwait *wait)
{
	struct fd_entry *e = wait->entry;
	bool in = wait->dir == DIR_IN;
	int flags = fcntl(wait->fd, F_GETFL);
	bool nonblock = flags >= 0 && flags & O_NONBLOCK;
	uint64_t timeout = 0;

	if (fd_kind(e) <= FD_PACKET)
		timeout = read_timeout(wait->fd, in ? SO_RCVTIMEO : SO_SNDTIMEO);
	lock_take(&e->lock);
	if (fd_generation(e) == wait->generation) {
		unsigned flags_now = fd_flags(e) | (in ? FD_KNOWN_IN : FD_KNOWN_OUT);
		flags_now = nonblock ? flags_now | FD_NONBLOCK : flags_now & ~(unsigned)FD_NONBLOCK;
		atomic_store(&e->flags, (uint16_t)flags_now);
		if (in)
			e->in_timeout = timeout;
		else if (!(flags_now & FD_LISTENS))
			e->out_timeout = timeout;
	}
	lock_drop(&e->lock);
}

/* Once per call. -EAGAIN if the user made the descriptor non-blocking. */
static int begin_waiting(struct fdwait *wait)
{
	struct fd_entry *e = wait->entry;
	bool in = wait->dir == DIR_IN;
	uint64_t timeout;

	if (wait->shared || !(fd_flags(e) & (in ? FD_KNOWN_IN : FD_KNOWN_OUT)))
		read_options(wait);
	if (fd_flags(e) & (FD_NONBLOCK | (in ? FD_HASTY_IN : FD_HASTY_OUT)))
		return -EAGAIN;
	timeout = fd_kind(e) > FD_PACKET ? 0 : in ? e->in_timeout : e->out_timeout;
	wait->due = timeout ? due_after(timeout) : DUE_NEVER;
	wait->has_due = true;
	return 0;
}

bool co__fdwait_user_nonblock(struct fdwait *wait)
{
	return !wait->has_due && begin_waiting(wait) == -EAGAIN;
}

/* signal(7): calls on a socket with a timeout are never restarted; nor are those that moved
 * a part, which is their result. */
static unsigned how(const struct fdwait *wait)
{
	const bool restarts = wait->due == DUE_NEVER && !wait->moved;

	return restarts ? WAIT_SIGNALS : WAIT_SIGNALS | WAIT_NO_RESTART;
}

int co__fdwait_pause(struct fdwait *wait, uint64_t pause)
{
	uint64_t until;
	int r = wait->has_due ? 0 : begin_waiting(wait);

	if (r < 0)
		return r;
	until = due_after(pause);
	r = co__wait_until(until < wait->due ? until : wait->due, how(wait));
	if (r == -ETIME)
		r = until < wait->due ? 0 : -EAGAIN;
	if (r == -ERESTART)
		r = 0;
	return fd_generation(wait->entry) == wait->generation ? r : -EBADF;
}

static int cannot_watch(struct fdwait *wait, int r)
{
	co__wait_abandon();
	if (r == -EPERM)
		co__fd_mistaken(wait->entry);
	if (r == -EPERM || r == -EBADF)
		return r;
	return co__fdwait_pause(wait, unwatchable_pause);
}

int co__fdwait_wait(struct fdwait *wait)
{
	struct co_fiber *self = co__ctx.running;
	struct waiter *waiter = &self->waiter;
	int r = wait->has_due ? 0 : begin_waiting(wait);

	if (r < 0)
		return r;
	wait->waited = true;
	*waiter = (struct waiter){
		.fiber = self,
		.conditions = wait->dir == DIR_IN ? WATCH_IN : WATCH_OUT,
		.exclusive = true,
		.fd = wait->fd,
	};
	list_init(&waiter->link);
	co__wait_begin(how(wait));
	r = co__waiter_link(waiter, wait->entry, wait->generation);
	if (r < 0)
		return cannot_watch(wait, r);
	r = co__wait_park(wait->due);
	if ((r != 0 && r != -EBADF) || !co__waiter_stays(self->worker, wait->entry))
		co__waiter_unlink(waiter, wait->entry, wait->generation);
	wait->woken |= r == 0;
	r = co__wait_end(r);
	if (r == -ERESTART)
		r = 0;
	/* The event may have been overtaken by a close, and the number be somebody else's
	 * by now. */
	if (r == 0 && fd_generation(wait->entry) != wait->generation)
		return -EBADF;
	return r == -ETIME ? -EAGAIN : r;
}

ssize_t co__fdwait_end(struct fdwait *wait, ssize_t r)
{
	if (wait->woken)
		co__waiters_pass(wait->entry, wait->dir == DIR_IN ? WATCH_IN : WATCH_OUT);
	if (r == -ECANCELED)
		co__cancel_point(co__ctx.self);
	if (r < 0) {
		errno = (int)-r;
		return -1;
	}
	errno = wait->error;
	return r;
}

bool co__fdwait_drained(const struct fdwait *wait)
{
	const struct fd_entry *e = wait->entry;
	int id = co__ctx.worker->id;

	return id && atomic_load_explicit(&e->drained_by, memory_order_relaxed) == id &&
		fd_flags(e) & FD_KNOWN_IN && !wait->shared;
}

void co__fdwait_note_read(const struct fdwait *wait, ssize_t got, size_t asked)
{
	struct fd_entry *e = wait->entry;
	uint8_t id = (uint8_t)co__ctx.worker->id;

	/* After an end no second edge comes. An urgent mark cuts reads short, and other
	 * sockets have boundaries of their own. */
	if (got <= 0 || (size_t)got >= asked || fd_flags(e) & FD_ENDED || fd_kind(e) != FD_TCP)
		id = 0;
	if (atomic_load_explicit(&e->drained_by, memory_order_relaxed) != id)
		atomic_store_explicit(&e->drained_by, id, memory_order_relaxed);
}

int co__fdwait_poll(const struct fdwait *wait)
{
	struct pollfd pfd = {wait->fd, wait->dir == DIR_IN ? POLLIN | POLLRDHUP : POLLOUT, 0};

	return poll(&pfd, 1, 0) > 0 ? pfd.revents : 0;
}

bool co__fdwait_ended(const struct fdwait *wait)
{
	const struct fd_entry *e = wait->entry;

	return fd_kind(e) == FD_PACKET && fd_flags(e) & FD_ENDED &&
		co__fdwait_poll(wait) & POLLRDHUP;
}

int co__fdwait_broken(const struct fdwait *wait, size_t done)
{
	const struct fd_entry *e = wait->entry;
	int error = 0;
	socklen_t size = sizeof(error);

	if (!fd_is_stream(e) || !(fd_flags(e) & FD_ENDED) ||
		!(co__fdwait_poll(wait) & (POLLERR | POLLHUP)))
		return 0;
	if (done > 0)
		return -EPIPE;
	/* A new call to a local socket would not look at the error any more, a waiting
	 * one does. TCP's does, and raises SIGPIPE when it is that. */
	if (fd_kind(e) == FD_TCP)
		return 0;
	if (getsockopt(wait->fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		return 0;
	return -error;
}

int co__fdwait_send_flags(const struct fdwait *wait)
{
	if (wait->waited && fd_kind(wait->entry) == FD_STREAM)
		return MSG_DONTWAIT | MSG_NOSIGNAL;
	return MSG_DONTWAIT;
}

bool co__fdwait_renew(struct fdwait *wait)
{
	if (wait->renewed || co__fd_verify(wait->fd, wait->entry))
		return false;
	errno = wait->error;
	if (!co__fdwait_begin(wait, wait->fd, wait->dir))
		return false;
	wait->renewed = true;
	return true;
}
