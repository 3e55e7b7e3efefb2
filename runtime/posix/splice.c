/* splice.c - splice, tee, vmsplice: bytes that go from or into a pipe without a copy.
 *
 * SPLICE_F_NONBLOCK makes the pipe's side of the kernel's call one that does not wait;
 * the other side is asked first whether it is ready. A socket to write to has no such
 * flag for one call: it is sent copies of what is in the pipe, which leaves the pipe
 * afterwards. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../fdwait.h"
#include "../loop/offload.h"
#include "readycall.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

enum { IN, OUT, ENDS };
enum { CHUNK = 64 * 1024 };

static const unsigned flags_known =
	SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT;

struct transfer {
	struct ready ready;
	struct pollfd waits[ENDS]; /* what the next park waits for; -1: not for this */
	int fds[ENDS];
	/* The call without waiting: the result, -EAGAIN for none yet, or -errno. */
	ssize_t (*attempt)(struct transfer *transfer);
	ssize_t result;
	off64_t *offsets[ENDS];
	const struct iovec *iov; /* vmsplice's */
	size_t n;
	unsigned flags;
	bool impatient[ENDS]; /* what is not ready here ends the call */
	bool over;            /* by it */
	bool waited;
	size_t done;          /* the rest is of a transfer into a socket */
	int twin[ENDS];       /* a pipe for copies of what is in the user's */
	char *copies;
};

static ssize_t result(ssize_t r)
{
	return r < 0 ? -errno : r;
}

static bool is_ready(int fd, short events)
{
	struct pollfd p = {fd, events, 0};

	return poll(&p, 1, 0) > 0;
}

/* Only what is not ready is worth waiting for; when both are by now, both are. */
static void choose(struct transfer *t)
{
	const bool in = t->fds[IN] >= 0 && is_ready(t->fds[IN], POLLIN);
	const bool out = t->fds[OUT] >= 0 && is_ready(t->fds[OUT], POLLOUT);

	t->waits[IN] = (struct pollfd){in && !out ? -1 : t->fds[IN], POLLIN, 0};
	t->waits[OUT] = (struct pollfd){out && !in ? -1 : t->fds[OUT], POLLOUT, 0};
}

static int look(struct ready *ready, const sigset_t *mask)
{
	struct transfer *t = LIST_OWNER(ready, struct transfer, ready);

	(void)mask;
	if (ready->closed)
		return -EBADF;
	t->result = t->attempt(t);
	if (t->result != -EAGAIN || t->over)
		return 1;
	choose(t);
	t->waited = true;
	return 0;
}

static ssize_t move(struct transfer *t, uint64_t timeout)
{
	int r;

	t->ready.fds = t->waits;
	t->ready.n = ENDS;
	t->ready.due = timeout ? due_after(timeout) : DUE_NEVER;
	t->ready.how = timeout ? WAIT_SIGNALS | WAIT_NO_RESTART : WAIT_SIGNALS;
	t->ready.look = look;
	r = co__ready_wait(&t->ready);
	if (r > 0)
		return t->result;
	if (t->done > 0)
		return (ssize_t)t->done;
	return r == 0 ? -EAGAIN : r;
}

static ssize_t end(ssize_t r, int error)
{
	if (r == -ECANCELED)
		co__cancel_point(co__ctx.self);
	errno = r < 0 ? (int)-r : error;
	return r < 0 ? -1 : r;
}

/* --- what is known of the ends --------------------------------------------------------------------- */

/* What is done depends on it, so that it has to be right. */
static enum fd_kind kind_of(int fd)
{
	const struct fd_entry *e = co__fd_look_anew(fd);

	return e ? fd_kind(e) : FD_UNKNOWN;
}

static bool is_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && flags & O_NONBLOCK;
}

static uint64_t timeout_of(int fd, int option)
{
	struct timeval tv = {0};
	socklen_t size = sizeof(tv);

	return getsockopt(fd, SOL_SOCKET, option, &tv, &size) < 0 ? 0
								  : ns_of_timeval(&tv);
}

/* --- into a pipe ----------------------------------------------------------------------------------- */

static ssize_t plain(const struct transfer *t, unsigned flags)
{
	return result(splice(
		t->fds[IN], t->offsets[IN], t->fds[OUT], t->offsets[OUT], t->n, flags));
}

/* What is neither pipe nor file waits for its data whatever the flag says. */
static bool waits_for_data(const struct transfer *t)
{
	const enum fd_kind kind = kind_of(t->fds[IN]);

	return kind != FD_PIPE && kind != FD_FILE && !t->impatient[IN] &&
	       !is_ready(t->fds[IN], POLLIN);
}

static ssize_t attempt_splice(struct transfer *t)
{
	if (waits_for_data(t))
		return -EAGAIN;
	t->over = t->impatient[IN] || t->impatient[OUT];
	return plain(t, t->flags | SPLICE_F_NONBLOCK);
}

/* Refused before anything is waited for, as are numbers that are not open. */
static bool never_splices(enum fd_kind kind)
{
	return kind == FD_EVENTS || kind == FD_UNKNOWN;
}

/* Offsets that a kind does not have are refused before anything else. */
static ssize_t into_pipe(struct transfer *t)
{
	const enum fd_kind kind = kind_of(t->fds[IN]);

	if (t->offsets[OUT] || (t->offsets[IN] && kind != FD_FILE) || never_splices(kind))
		return plain(t, t->flags);
	t->impatient[IN] = is_nonblocking(t->fds[IN]);
	t->impatient[OUT] = t->flags & SPLICE_F_NONBLOCK || is_nonblocking(t->fds[OUT]);
	t->attempt = attempt_splice;
	return move(t, kind == FD_PIPE ? 0 : timeout_of(t->fds[IN], SO_RCVTIMEO));
}

/* --- from a pipe into a socket --------------------------------------------------------------------- */

/* Copies of up to N bytes that stay in the pipe. */
static ssize_t copy(struct transfer *t, size_t n)
{
	ssize_t got = result(tee(t->fds[IN], t->twin[OUT], n, SPLICE_F_NONBLOCK));
	ssize_t left = got, r;

	while (left > 0) {
		r = read(t->twin[IN], t->copies + (got - left), (size_t)left);
		if (r <= 0)
			return -EIO;
		left -= r;
	}
	return got;
}

/* They have gone: nobody else ran on this thread since copy(). */
static void drop(struct transfer *t, size_t n)
{
	ssize_t r = 1;

	for (; n > 0 && r > 0; n -= (size_t)r)
		r = read(t->fds[IN], t->copies, n);
}

/* The kernel lets a packet wait while there is more in the pipe. */
static bool has_more(const struct transfer *t, size_t n)
{
	int there = 0;

	if (t->flags & SPLICE_F_MORE)
		return true;
	return t->done + n < t->n && ioctl(t->fds[IN], FIONREAD, &there) == 0 &&
	       (size_t)there > n;
}

/* After a wait for room: what the kernel's own would end with, see fdwait.h. */
static int broken(const struct transfer *t)
{
	const struct fdwait wait = {.entry = co__fd_look(t->fds[OUT]),
		.fd = t->fds[OUT],
		.dir = DIR_OUT};

	return wait.entry ? co__fdwait_broken(&wait, t->done) : 0;
}

/* Whom the end of a local stream finds waiting gets no signal. */
static bool is_quiet(const struct transfer *t)
{
	return t->done > 0 || (t->waited && kind_of(t->fds[OUT]) == FD_STREAM);
}

static ssize_t send_copies(struct transfer *t, size_t n)
{
	const int more = has_more(t, n) ? MSG_MORE : 0;
	const int quiet = is_quiet(t) ? MSG_NOSIGNAL : 0;
	ssize_t r = result(send(t->fds[OUT], t->copies, n, MSG_DONTWAIT | more | quiet));

	if (r > 0)
		drop(t, (size_t)r);
	return r;
}

static ssize_t send_some(struct transfer *t)
{
	const size_t left = t->n - t->done;
	ssize_t r = copy(t, left < CHUNK ? left : CHUNK);

	t->over = t->impatient[IN] || t->done > 0;
	if (r <= 0)
		return r;
	t->over = t->impatient[OUT];
	return send_copies(t, (size_t)r);
}

/* All that is in the pipe, or up to what was asked for; an empty pipe ends it when
 * something has gone. */
static ssize_t attempt_send(struct transfer *t)
{
	ssize_t r = t->waited ? broken(t) : 0;

	if (r < 0)
		return t->done ? (ssize_t)t->done : r;
	do {
		r = send_some(t);
		if (r == -EAGAIN && !t->over)
			return r;
		if (r > 0)
			t->done += (size_t)r;
		if (t->done > 0)
			t->ready.how |= WAIT_NO_RESTART;
	} while (r > 0 && t->done < t->n);
	return t->done ? (ssize_t)t->done : r;
}

static long plain_splice(void *arg)
{
	const struct transfer *t = arg;

	return splice(
		t->fds[IN], t->offsets[IN], t->fds[OUT], t->offsets[OUT], t->n, t->flags);
}

static ssize_t send_with_twin(struct transfer *t)
{
	ssize_t r;

	t->copies = malloc(CHUNK);
	if (!t->copies)
		return result(co__offload(plain_splice, t));
	t->attempt = attempt_send;
	r = move(t, timeout_of(t->fds[OUT], SO_SNDTIMEO));
	free(t->copies);
	return r;
}

static ssize_t into_socket(struct transfer *t)
{
	ssize_t r;

	if (pipe2(t->twin, O_CLOEXEC | O_NONBLOCK) < 0)
		return result(co__offload(plain_splice, t));
	r = send_with_twin(t);
	close(t->twin[IN]);
	close(t->twin[OUT]);
	return r;
}

/* --- from a pipe into anything else ---------------------------------------------------------------- */

static ssize_t attempt_nothing(struct transfer *t)
{
	return is_ready(t->fds[IN], POLLIN) ? 1 : -EAGAIN;
}

/* When there is something in the pipe it goes at once, or by the pool. */
static ssize_t into_file(struct transfer *t)
{
	const bool immediate = kind_of(t->fds[OUT]) == FD_READY;
	ssize_t r = 1;

	t->attempt = attempt_nothing;
	if (!t->impatient[IN])
		r = move(t, 0);
	if (r <= 0)
		return r;
	return immediate ? plain(t, t->flags) : result(co__offload(plain_splice, t));
}

static ssize_t from_pipe(struct transfer *t)
{
	const struct fd_entry *out = co__fd_look(t->fds[OUT]);

	if (t->offsets[IN] || t->n > SSIZE_MAX || !out || never_splices(fd_kind(out)) ||
		(t->offsets[OUT] && fd_kind(out) != FD_FILE))
		return plain(t, t->flags);
	t->impatient[IN] = t->flags & SPLICE_F_NONBLOCK || is_nonblocking(t->fds[IN]);
	t->impatient[OUT] = is_nonblocking(t->fds[OUT]);
	return fd_is_stream(out) ? into_socket(t) : into_file(t);
}

/* --- the calls ------------------------------------------------------------------------------------- */

ssize_t co_splice(
	int in, off64_t *in_at, int out, off64_t *out_at, size_t n, unsigned flags)
{
	struct transfer t = {
		.fds = {in, out}, .offsets = {in_at, out_at}, .n = n, .flags = flags};
	int error = errno;

	if (!ready_begin() || n == 0 || flags & ~flags_known)
		return splice(in, in_at, out, out_at, n, flags);
	if (kind_of(out) == FD_PIPE)
		return end(into_pipe(&t), error);
	if (kind_of(in) == FD_PIPE)
		return end(from_pipe(&t), error);
	return splice(in, in_at, out, out_at, n, flags); /* one must be a pipe */
}

static ssize_t attempt_tee(struct transfer *t)
{
	return result(tee(t->fds[IN], t->fds[OUT], t->n, t->flags | SPLICE_F_NONBLOCK));
}

ssize_t co_tee(int in, int out, size_t n, unsigned flags)
{
	struct transfer t = {
		.fds = {in, out}, .attempt = attempt_tee, .n = n, .flags = flags};
	int error = errno;

	if (!ready_begin() || n == 0 || flags & SPLICE_F_NONBLOCK || is_nonblocking(in) ||
		is_nonblocking(out))
		return tee(in, out, n, flags);
	return end(move(&t, 0), error);
}

static ssize_t attempt_vmsplice(struct transfer *t)
{
	int fd = t->fds[OUT] < 0 ? t->fds[IN] : t->fds[OUT];

	return result(vmsplice(fd, t->iov, t->n, t->flags | SPLICE_F_NONBLOCK));
}

/* A descriptor that can be written to is. */
ssize_t co_vmsplice(int fd, const struct iovec *iov, size_t n, unsigned flags)
{
	int error = errno;
	const bool reads = (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY;
	struct transfer t = {.fds = {reads ? fd : -1, reads ? -1 : fd},
		.attempt = attempt_vmsplice,
		.iov = iov,
		.n = n,
		.flags = flags};

	if (!ready_begin() || flags & SPLICE_F_NONBLOCK)
		return vmsplice(fd, iov, n, flags);
	return end(move(&t, 0), error);
}
