/* sendfile.c - sendfile: a file into a socket, a pipe or whatever else.
 *
 * The kernel's own call waits for room on the whole way, unless the user's descriptor is
 * non-blocking. So what is not taken at once is read, from memory or by the pool, and
 * sent as co_send and co_write do. A pipe takes what fits, once. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../fdwait.h"
#include "../loop/offload.h"
#include "passing.h"
#include "readycall.h"
#include "usermem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

enum { CHUNK = 64 * 1024 };

struct sending {
	struct fdwait wait;
	int in;
	off_t *offset; /* the user's, read into AT; NULL: the file's own */
	size_t n, done;
	off_t at; /* where it began */
	char *chunk;
	struct iovec piece; /* what is read next */
};

static ssize_t result(ssize_t r)
{
	return r < 0 ? -errno : r;
}

static long plain_sendfile(void *arg)
{
	const struct sending *s = arg;

	return sendfile(s->wait.fd, s->in, s->offset, s->n);
}

static long plain_read(void *arg)
{
	const struct sending *s = arg;

	return preadv(s->in, &s->piece, 1, s->at + (off_t)s->done);
}

/* The next bytes of the file: how many, 0 at its end, or -errno. */
static ssize_t read_next(struct sending *s)
{
	const size_t left = s->n - s->done;
	ssize_t r;

	s->piece = (struct iovec){s->chunk, left < CHUNK ? left : CHUNK};
	r = preadv2(s->in, &s->piece, 1, s->at + (off_t)s->done, RWF_NOWAIT);
	if (r < 0 && (errno == EAGAIN || errno == EOPNOTSUPP || errno == ENOSYS))
		r = co__offload(plain_read, s);
	return result(r);
}

/* The last bytes of a file must not wait for more. */
static bool has_more(const struct sending *s, size_t n)
{
	struct stat st;

	return s->done + n < s->n && fstat(s->in, &st) == 0 &&
	       s->at + (off_t)(s->done + n) < st.st_size;
}

static ssize_t write_out(const struct sending *s, size_t n)
{
	int flags = co__fdwait_send_flags(&s->wait) & ~MSG_DONTWAIT;
	struct iovec iov = {s->chunk, n};
	const struct msghdr header = {.msg_iov = &iov, .msg_iovlen = 1};

	if (!fd_is_stream(s->wait.entry))
		return result(co_write(s->wait.fd, s->chunk, n));
	if (has_more(s, n))
		flags |= MSG_MORE;
	if (s->done > 0)
		flags |= MSG_NOSIGNAL;
	return result(co__sendmsg_after(s->wait.fd, &header, flags, s->done > 0));
}

/* A local socket that was shut down for writing is not writable. */
static int shut_down(const struct sending *s)
{
	const int quiet = MSG_DONTWAIT | MSG_NOSIGNAL;

	if (fd_kind(s->wait.entry) != FD_STREAM)
		return 0;
	return send(s->wait.fd, "", 0, quiet) < 0 && errno == EPIPE ? -EPIPE : 0;
}

static int wait_for_room(struct sending *s)
{
	int r = 0;

	while (r == 0 && !co__fdwait_poll(&s->wait)) {
		r = co__fdwait_wait(&s->wait);
		if (r == 0)
			r = co__fdwait_broken(&s->wait, s->done);
		if (r == 0)
			r = shut_down(s);
	}
	return r;
}

/* Before it is read there is room for some of it. */
static ssize_t send_next(struct sending *s)
{
	int r = wait_for_room(s);
	ssize_t got = r < 0 ? r : read_next(s), sent;

	if (got <= 0)
		return got;
	sent = write_out(s, (size_t)got);
	if (sent > 0)
		s->done += (size_t)sent;
	s->wait.moved = s->done > 0;
	return sent < 0 ? sent : sent == got;
}

static ssize_t send_copies(struct sending *s)
{
	ssize_t r;

	if (!s->offset)
		s->at = lseek(s->in, 0, SEEK_CUR);
	s->chunk = malloc(CHUNK);
	if (!s->chunk)
		return result(co__offload(plain_sendfile, s));
	do {
		r = send_next(s);
	} while (r > 0 && s->done < s->n);
	free(s->chunk);
	if (s->done == 0)
		return r;
	s->at += (off_t)s->done;
	if (!s->offset)
		lseek(s->in, s->at, SEEK_SET);
	else if (!usermem_write(s->offset, &s->at, sizeof(s->at)))
		return -EFAULT;
	return (ssize_t)s->done;
}

static ssize_t fill_pipe(struct sending *s)
{
	int r = wait_for_room(s);

	return r < 0 ? r : result(plain_sendfile(s));
}

/* A transfer of nothing has every check, and does not wait. */
static ssize_t check(struct sending *s)
{
	off_t at;

	if (s->offset && !usermem_read(&s->at, s->offset, sizeof(s->at)))
		return -EFAULT;
	at = s->at;
	return result(sendfile(s->wait.fd, s->in, s->offset ? &at : NULL, 0));
}

/* Devices and the kernel's own files, which are empty to look at, have ways of their
 * own. */
static bool can_be_copied(int in)
{
	struct stat st;

	if (fstat(in, &st) < 0)
		return false;
	return S_ISBLK(st.st_mode) || (S_ISREG(st.st_mode) && st.st_size > 0);
}

static ssize_t send_by_kind(struct sending *s)
{
	ssize_t r;

	switch (fd_kind(s->wait.entry)) {
	case FD_PIPE:
		return fill_pipe(s);
	case FD_FILE:
	case FD_PACKET:
		return result(co__offload(plain_sendfile, s));
	default:
		if (!can_be_copied(s->in))
			return result(co__offload(plain_sendfile, s));
		r = check(s);
		return r < 0 ? r : send_copies(s);
	}
}

/* The wrong end of a pipe never has room. */
static bool is_open_for(int fd, int wrong)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && (flags & O_ACCMODE) != wrong;
}

static enum fd_kind kind_of(int fd)
{
	const struct fd_entry *e = co__fd_look_anew(fd);

	return e ? fd_kind(e) : FD_UNKNOWN;
}

/* What has no splicing is refused before anything is waited for: counters and their like,
 * and as a source whatever is no file, unless a pipe takes it. */
static bool is_refused(int out, int in)
{
	const enum fd_kind from = kind_of(in), to = kind_of(out);

	if (from == FD_EVENTS || to == FD_EVENTS)
		return true;
	return to != FD_PIPE && from != FD_FILE && from != FD_READY;
}

/* In libc it is no cancellation point. */
ssize_t co_sendfile(int out, int in, off_t *offset, size_t n)
{
	const size_t most = INT_MAX & ~(size_t)4095;
	struct sending s = {.in = in, .offset = offset, .n = n < most ? n : most};
	struct co_fiber *self = co__self();
	ssize_t r = -1;
	bool off;

	if (!self || n == 0 || n > SSIZE_MAX || !is_open_for(out, O_RDONLY) || !is_open_for(in, O_WRONLY))
		return sendfile(out, in, offset, n);
	if (is_refused(out, in))
		return sendfile(out, in, offset, n);
	off = self->cancel_off;
	self->cancel_off = true;
	if (!co__fdwait_begin(&s.wait, out, DIR_OUT) || co__fdwait_user_nonblock(&s.wait))
		r = sendfile(out, in, offset, n);
	else
		r = co__fdwait_end(&s.wait, send_by_kind(&s));
	self->cancel_off = off;
	return r;
}

/* off_t has 64 bits either way. */
__typeof__(sendfile) co_sendfile64 __attribute__((alias("co_sendfile")));
