/* position.c - pread, pwrite and their kin: at a position of a file.
 *
 * First what is in memory, by RWF_NOWAIT: a hit costs no change of threads. The rest goes
 * to the pool. What is no file cannot be positioned, and the kernel says so at once. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../cancel.h"
#include "../fdtab.h"
#include "../loop/offload.h"
#include "../sched.h"
#include "iov.h"
#include "sizelimit.h"

#include <errno.h>

struct span {
	int fd;
	const struct iovec *iov;
	int count;
	off_t offset; /* -1: the description's, which moves */
	int flags;    /* RWF_* as the caller has them */
	struct fd_entry *entry; /* NULL: it turned out to be no file, the call is done */
};

enum { HERE = -1 };

static const size_t most = INT_MAX & ~(size_t)4095; /* that one call moves */

/* What a call without O_NONBLOCK and RWF_NOWAIT has besides on a descriptor that cannot
 * be positioned. */
static const int harmless_flags = RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_APPEND;

/* FD's entry if it is a file, else NULL: the plain call will do. */
static struct fd_entry *file_entry(int fd)
{
	int error = errno;
	struct fd_entry *e;

	if (!co__self())
		return NULL;
	co__turn(co__ctx.worker);
	co__cancel_point(co__ctx.self);
	e = co__fd_look(fd);
	errno = error;
	return e && fd_kind(e) == FD_FILE ? e : NULL;
}

static long blocking_read(void *arg)
{
	const struct span *s = arg;

	return preadv2(s->fd, s->iov, s->count, s->offset, s->flags);
}

static long blocking_write(void *arg)
{
	const struct span *s = arg;

	return pwritev2(s->fd, s->iov, s->count, s->offset, s->flags);
}

/* Before the pool, which is not for what may wait for ever. */
static bool is_file_still(struct span *s)
{
	if (!co__fd_verify(s->fd, s->entry))
		s->entry = NULL;
	return s->entry;
}

/* EOPNOTSUPP is the file system's answer, ENOSYS that of an old kernel; both for good. */
static bool needs_pool(const struct span *s, unsigned refusal)
{
	if (errno == EOPNOTSUPP || errno == ENOSYS)
		co__fd_set(s->entry, refusal, 0);
	else if (errno != EAGAIN)
		return false;
	return true;
}

static ssize_t read_once(struct span *s, int error)
{
	ssize_t r;

	if (!(fd_flags(s->entry) & FD_NO_NOWAIT_IN)) {
		r = preadv2(s->fd, s->iov, s->count, s->offset, s->flags | RWF_NOWAIT);
		if (r >= 0 || !needs_pool(s, FD_NO_NOWAIT_IN))
			return r;
		errno = error;
	}
	if (!is_file_still(s))
		return co_preadv2(s->fd, s->iov, s->count, s->offset, s->flags);
	return co__offload(blocking_read, s);
}

static ssize_t write_once(struct span *s, int error)
{
	ssize_t r;

	if (!(fd_flags(s->entry) & FD_NO_NOWAIT_OUT)) {
		r = pwritev2(s->fd, s->iov, s->count, s->offset, s->flags | RWF_NOWAIT);
		if (r >= 0 || !needs_pool(s, FD_NO_NOWAIT_OUT))
			return r;
		errno = error;
	}
	if (!is_file_still(s))
		return co_pwritev2(s->fd, s->iov, s->count, s->offset, s->flags);
	if (is_beyond_limit(
		    -1)) /* then there is one, and its signal is for this thread */
		return blocking_write(s);
	return co__offload(blocking_write, s);
}

/* The kernel ends a write at the file size limit without a word; the next one would be
 * punished. */
static bool goes_on(ssize_t (*once)(struct span *, int))
{
	return once == read_once || !is_beyond_limit(-1);
}

/* After a call that moved a part: again, until all is done or nothing moves. */
static ssize_t move(struct span *s, ssize_t (*once)(struct span *, int))
{
	const int error = errno;
	struct iov_window window;
	struct span now = *s;
	ssize_t r = once(&now, error);
	size_t done = 0, total = r > 0 ? iov_total(s->iov, s->count) : 0;

	while (r > 0 && now.entry && (done += (size_t)r) < total && goes_on(once)) {
		iov_window_at(&window, s->iov, s->count, done);
		now.iov = window.iov;
		now.count = window.count;
		now.offset = s->offset == HERE ? HERE : s->offset + (off_t)done;
		r = once(&now, error);
	}
	if (done == 0)
		return r;
	errno = error;
	return (ssize_t)done;
}

static bool is_array(int count)
{
	return count > 0 && count <= IOV_MAX;
}

static ssize_t read_span(struct span *s)
{
	s->entry = file_entry(s->fd);
	return s->entry ? move(s, read_once) : blocking_read(s);
}

static ssize_t write_span(struct span *s)
{
	s->entry = file_entry(s->fd);
	return s->entry ? move(s, write_once) : blocking_write(s);
}

/* --- one buffer --------------------------------------------------------------------------------------- */

ssize_t co_pread(int fd, void *buf, size_t n, off_t offset)
{
	const struct iovec iov = {buf, n};
	struct span s = {.fd = fd, .iov = &iov, .count = 1, .offset = offset};

	/* An absurd range is checked otherwise there. */
	if (n == 0 || n > most || offset < 0 || !(s.entry = file_entry(fd)))
		return pread(fd, buf, n, offset);
	return move(&s, read_once);
}

ssize_t co_pwrite(int fd, const void *buf, size_t n, off_t offset)
{
	const struct iovec iov = {(void *)buf, n};
	struct span s = {.fd = fd, .iov = &iov, .count = 1, .offset = offset};

	if (n == 0 || n > most || offset < 0 || !(s.entry = file_entry(fd)))
		return pwrite(fd, buf, n, offset);
	return move(&s, write_once);
}

/* --- several ------------------------------------------------------------------------------------------ */

ssize_t co_preadv(int fd, const struct iovec *iov, int count, off_t offset)
{
	struct span s = {.fd = fd, .iov = iov, .count = count, .offset = offset};

	if (!is_array(count) || offset < 0)
		return preadv(fd, iov, count, offset);
	return read_span(&s);
}

ssize_t co_pwritev(int fd, const struct iovec *iov, int count, off_t offset)
{
	struct span s = {.fd = fd, .iov = iov, .count = count, .offset = offset};

	if (!is_array(count) || offset < 0)
		return pwritev(fd, iov, count, offset);
	return write_span(&s);
}

/* Whether what preadv2(2) is to do at no position is readv(2)'s. */
static bool is_here(int fd, off_t offset, int flags)
{
	if (offset != HERE || flags & ~harmless_flags)
		return false;
	return flags == 0 || !file_entry(fd);
}

/* Drivers of the older form refuse all flags but one, and do not wait before that. */
static bool refuses_flags(int fd, int flags)
{
	const struct fd_entry *e = flags & ~RWF_HIPRI && co__self() ? co__fd_look(fd) : NULL;

	return e && (fd_kind(e) == FD_EVENTS || fd_kind(e) == FD_READY);
}

ssize_t co_preadv2(int fd, const struct iovec *iov, int count, off_t offset, int flags)
{
	struct span s = {fd, iov, count, offset, flags, NULL};

	if (!is_array(count) || flags & RWF_NOWAIT)
		return preadv2(fd, iov, count, offset, flags);
	if (is_here(fd, offset, flags))
		return co_readv(fd, iov, count);
	return read_span(&s);
}

ssize_t co_pwritev2(int fd, const struct iovec *iov, int count, off_t offset, int flags)
{
	struct span s = {fd, iov, count, offset, flags, NULL};

	if (!is_array(count) || flags & RWF_NOWAIT || refuses_flags(fd, flags))
		return pwritev2(fd, iov, count, offset, flags);
	if (is_here(fd, offset, flags))
		return co_writev(fd, iov, count);
	return write_span(&s);
}

/* off_t has 64 bits either way. */
__typeof__(pread) co_pread64 __attribute__((alias("co_pread")));
__typeof__(pwrite) co_pwrite64 __attribute__((alias("co_pwrite")));
__typeof__(preadv) co_preadv64 __attribute__((alias("co_preadv")));
__typeof__(pwritev) co_pwritev64 __attribute__((alias("co_pwritev")));
__typeof__(preadv2) co_preadv64v2 __attribute__((alias("co_preadv2")));
__typeof__(pwritev2) co_pwritev64v2 __attribute__((alias("co_pwritev2")));
