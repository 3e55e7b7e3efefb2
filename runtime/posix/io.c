/* io.c - read, readv, write, writev on every kind of descriptor.
 *
 * Each attempt is a call that cannot wait: recv and send with MSG_DONTWAIT on stream
 * sockets, preadv2 and pwritev2 with RWF_NOWAIT elsewhere; where the kernel refuses that,
 * a poll and then the plain call. A file whose page is not in memory goes to the pool. A
 * write to a stream ends when all is written. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../fdwait.h"
#include "../loop/offload.h"
#include "iov.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

struct io {
	struct fdwait wait;
	const struct iovec *iov;
	int count;
	bool single;   /* the array has one element and can be read: it is ours */
	size_t total;  /* bytes asked for; UNMEASURED before that */
};

static const size_t UNMEASURED = SIZE_MAX;
static const size_t most = INT_MAX & ~(size_t)4095; /* that one call moves: MAX_RW_COUNT */

static ssize_t result(ssize_t r)
{
	return r < 0 ? -errno : r;
}

static long blocking_readv(void *arg)
{
	const struct io *io = arg;

	return readv(io->wait.fd, io->iov, io->count);
}

static long blocking_writev(void *arg)
{
	const struct io *io = arg;

	return writev(io->wait.fd, io->iov, io->count);
}

/* A result of attempts: the descriptor is not of the kind that its entry has. */
static const ssize_t ANOTHER_KIND = -EREMCHG;

/* The pool's threads are not for what may wait for ever. */
static ssize_t offload(struct io *io, long (*work)(void *))
{
	if (!co__fd_verify(io->wait.fd, io->wait.entry))
		return ANOTHER_KIND;
	return result(co__offload(work, io));
}

static bool is_another_kind(ssize_t r)
{
	return r == ANOTHER_KIND || r == -EPERM || r == -ENOTSOCK;
}

/* EOPNOTSUPP is the kind's answer, EINVAL and ENOSYS those of kernels that are too
 * old. */
static bool refused(struct io *io, ssize_t r, unsigned flag)
{
	if (r != -EOPNOTSUPP && r != -ENOSYS)
		return false;
	co__fd_set(io->wait.entry, flag, 0);
	return true;
}

/* read(2) checks the whole of an absurd range before it cuts it, the calls used here the
 * other way round. Any file tells; this one without side effects. */
static bool range_passes(void *buf, size_t n, bool reads)
{
	int error = errno;
	int null = n > most ? open("/dev/null", O_RDWR | O_CLOEXEC) : -1;
	bool passes;

	if (null < 0)
		return n <= SSIZE_MAX;
	passes = (reads ? read(null, buf, n) : write(null, buf, n)) >= 0;
	close(null);
	errno = error;
	return passes;
}

/* The first attempt has passed: the array can be read. */
static void measure(struct io *io, ssize_t r)
{
	if (io->total == UNMEASURED && (r >= 0 || r == -EAGAIN))
		io->total = iov_total(io->iov, io->count);
}

/* --- reading ------------------------------------------------------------------------------------------ */

static ssize_t read_stream(struct io *io)
{
	ssize_t r;

	if (io->total != UNMEASURED && co__fdwait_drained(&io->wait))
		return -EAGAIN;
	if (io->single)
		r = recv(io->wait.fd, io->iov->iov_base, io->iov->iov_len, MSG_DONTWAIT);
	else
		r = preadv2(io->wait.fd, io->iov, io->count, -1, RWF_NOWAIT);
	r = result(r);
	measure(io, r);
	co__fdwait_note_read(&io->wait, r, io->total);
	return r;
}

/* The rest of a file after a short read; nothing at its end, and the pool's turn in
 * between. */
static ssize_t read_file_rest(struct io *io, size_t done)
{
	struct iov_window window;
	struct io rest = *io;
	ssize_t r;

	iov_window_at(&window, io->iov, io->count, done);
	rest.iov = window.iov;
	rest.count = window.count;
	r = result(preadv2(io->wait.fd, rest.iov, rest.count, -1, RWF_NOWAIT));
	if (r == -EAGAIN)
		r = offload(&rest, blocking_readv);
	return r;
}

static ssize_t read_file(struct io *io)
{
	size_t done = 0;
	ssize_t r = -EOPNOTSUPP;

	if (!(fd_flags(io->wait.entry) & FD_NO_NOWAIT_IN))
		r = result(preadv2(io->wait.fd, io->iov, io->count, -1, RWF_NOWAIT));
	if (r == -EAGAIN || refused(io, r, FD_NO_NOWAIT_IN))
		return offload(io, blocking_readv);
	measure(io, r);
	while (r > 0) {
		done += (size_t)r;
		if (done >= io->total)
			break;
		r = read_file_rest(io, done);
	}
	return done ? (ssize_t)done : r;
}

static ssize_t read_nowait(struct io *io)
{
	ssize_t r;

	if (!(fd_flags(io->wait.entry) & FD_NO_NOWAIT_IN)) {
		r = result(preadv2(io->wait.fd, io->iov, io->count, -1, RWF_NOWAIT));
		if (r == -EAGAIN && co__fdwait_ended(&io->wait))
			return result(readv(io->wait.fd, io->iov, io->count));
		if (!refused(io, r, FD_NO_NOWAIT_IN))
			return r;
	}
	if (!co__fdwait_poll(&io->wait))
		return -EAGAIN;
	return result(readv(io->wait.fd, io->iov, io->count));
}

static ssize_t attempt_read(struct io *io)
{
	switch (fd_kind(io->wait.entry)) {
	case FD_TCP:
	case FD_STREAM:
		return read_stream(io);
	case FD_FILE:
		return read_file(io);
	default:
		return read_nowait(io);
	}
}

static ssize_t read_all_kinds(struct io *io)
{
	ssize_t r;

	do {
		while ((r = attempt_read(io)) == -EAGAIN) {
			r = co__fdwait_wait(&io->wait);
			if (r < 0)
				break;
		}
	} while (is_another_kind(r) && co__fdwait_renew(&io->wait));
	if (is_another_kind(r))
		r = result(co__offload(blocking_readv, io));
	return co__fdwait_end(&io->wait, r);
}

/* SO_RCVLOWAT makes a read of a stream collect, which is recv's business. */
static bool collects(const struct io *io)
{
	return fd_flags(io->wait.entry) & FD_LOWAT && fd_is_stream(io->wait.entry);
}

ssize_t co_readv(int fd, const struct iovec *iov, int count)
{
	struct io io = {.iov = iov, .count = count, .total = UNMEASURED};
	struct msghdr header = {.msg_iov = (struct iovec *)iov, .msg_iovlen = (size_t)count};

	if (count <= 0 || count > IOV_MAX || !co__fdwait_begin(&io.wait, fd, DIR_IN))
		return readv(fd, iov, count);
	if (collects(&io))
		return co_recvmsg(fd, &header, 0);
	return read_all_kinds(&io);
}

ssize_t co_read(int fd, void *buf, size_t n)
{
	struct iovec iov = {buf, n};
	struct io io = {.iov = &iov, .count = 1, .single = true, .total = n < most ? n : most};

	/* A read of nothing never waits, and what it says depends on the kind. */
	if (n == 0 || !co__fdwait_begin(&io.wait, fd, DIR_IN) || !range_passes(buf, n, true))
		return read(fd, buf, n);
	if (collects(&io))
		return co_recv(fd, buf, n, 0);
	return read_all_kinds(&io);
}

/* --- writing ------------------------------------------------------------------------------------------ */

static ssize_t write_stream(struct io *io)
{
	const int flags = co__fdwait_send_flags(&io->wait);
	const struct msghdr header = {
		.msg_iov = (struct iovec *)io->iov, .msg_iovlen = (size_t)io->count};

	if (io->single)
		return result(
			send(io->wait.fd, io->iov->iov_base, io->iov->iov_len, flags));
	if (io->wait.waited)
		return result(sendmsg(io->wait.fd, &header, flags));
	return result(pwritev2(io->wait.fd, io->iov, io->count, -1, RWF_NOWAIT));
}

static bool is_ptmx(int fd)
{
	struct stat st;

	return fstat(fd, &st) < 0 || st.st_rdev == makedev(5, 2);
}

/* A terminal that poll(2) finds writable may have room for one byte. O_NONBLOCK belongs
 * to the open file description, so a private one of the same terminal does not wait and
 * disturbs nobody. A device that is another with every open (/dev/ptmx) cannot be had
 * twice. */
static ssize_t write_terminal(struct io *io)
{
	char path[sizeof("/proc/self/fd/") + 3 * sizeof(int)];
	ssize_t r;
	int twin = -1;

	if (isatty(io->wait.fd) && !is_ptmx(io->wait.fd)) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", io->wait.fd);
		twin = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	}
	if (twin < 0)
		return offload(io, blocking_writev);
	r = result(writev(twin, io->iov, io->count));
	close(twin);
	return r;
}

/* poll(2) finds a pipe writable when PIPE_BUF bytes fit, so that much of it does not
 * wait. */
static ssize_t write_polled(struct io *io)
{
	struct iovec first;

	if (!co__fdwait_poll(&io->wait))
		return -EAGAIN;
	if (fd_kind(io->wait.entry) == FD_TTY)
		return write_terminal(io);
	if (fd_kind(io->wait.entry) != FD_PIPE || io->total <= PIPE_BUF)
		return result(writev(io->wait.fd, io->iov, io->count));
	first = *io->iov;
	if (first.iov_len > PIPE_BUF)
		first.iov_len = PIPE_BUF;
	return result(writev(io->wait.fd, &first, 1));
}

static ssize_t write_nowait(struct io *io)
{
	ssize_t r;

	if (io->total == UNMEASURED || !(fd_flags(io->wait.entry) & FD_NO_NOWAIT_OUT)) {
		r = result(pwritev2(io->wait.fd, io->iov, io->count, -1, RWF_NOWAIT));
		if (!refused(io, r, FD_NO_NOWAIT_OUT))
			return r;
		measure(io, -EAGAIN); /* refusal comes after the array was read */
	}
	if (fd_kind(io->wait.entry) == FD_FILE)
		return offload(io, blocking_writev);
	return write_polled(io);
}

static ssize_t attempt_write(struct io *io)
{
	ssize_t r;

	if (fd_is_stream(io->wait.entry))
		r = write_stream(io);
	else if (io->total == 0) /* an empty datagram, which pwritev2 would not send */
		r = result(send(io->wait.fd, io->iov->iov_base, 0, MSG_DONTWAIT | MSG_EOR));
	else
		r = write_nowait(io);
	if (r == -EAGAIN && fd_kind(io->wait.entry) == FD_FILE)
		r = offload(io, blocking_writev);
	measure(io, r);
	return r;
}

static int wait_for_room(struct io *io, size_t done)
{
	int r = co__fdwait_wait(&io->wait);

	return r == 0 ? co__fdwait_broken(&io->wait, done) : r;
}

/* The kernel ends a write at the file size limit without a word; the next one would be
 * punished. */
static bool at_size_limit(int fd)
{
	struct rlimit limit;
	off_t at;

	if (getrlimit(RLIMIT_FSIZE, &limit) < 0 || limit.rlim_cur == RLIM_INFINITY)
		return false;
	at = lseek(fd, 0, SEEK_CUR);
	return at >= 0 && (rlim_t)at >= limit.rlim_cur;
}

/* Whether a blocking write goes on after a part of it was taken. */
static bool goes_on(const struct io *io)
{
	switch (fd_kind(io->wait.entry)) {
	case FD_TCP:
	case FD_STREAM:
	case FD_PIPE:
	case FD_TTY:
		return true;
	case FD_FILE:
		return !at_size_limit(io->wait.fd);
	default:
		return false;
	}
}

static ssize_t write_all_kinds(struct io *io)
{
	const struct iovec *iov = io->iov;
	const int count = io->count;
	struct iov_window window;
	size_t done = 0, total = UNMEASURED;
	ssize_t r;

	for (;;) {
		r = attempt_write(io);
		if (total == UNMEASURED)
			total = io->total;
		if (r == -EAGAIN && (r = wait_for_room(io, done)) == 0)
			continue;
		if (done == 0 && is_another_kind(r) && co__fdwait_renew(&io->wait))
			continue;
		if (r > 0)
			done += (size_t)r;
		io->wait.moved = done > 0;
		if (r <= 0 || done >= total || !goes_on(io))
			break;
		iov_window_at(&window, iov, count, done);
		io->iov = window.iov;
		io->count = window.count;
		io->single = window.count == 1;
		io->total = total - done;
	}
	if (done == 0 && is_another_kind(r))
		r = result(co__offload(blocking_writev, io));
	return co__fdwait_end(&io->wait, done ? (ssize_t)done : r);
}

ssize_t co_writev(int fd, const struct iovec *iov, int count)
{
	struct io io = {.iov = iov, .count = count, .total = UNMEASURED};

	if (count <= 0 || count > IOV_MAX || !co__fdwait_begin(&io.wait, fd, DIR_OUT))
		return writev(fd, iov, count);
	return write_all_kinds(&io);
}

ssize_t co_write(int fd, const void *buf, size_t n)
{
	struct iovec iov = {(void *)buf, n};
	struct io io = {.iov = &iov, .count = 1, .single = true, .total = n < most ? n : most};

	if (!co__fdwait_begin(&io.wait, fd, DIR_OUT) || !range_passes((void *)buf, n, false))
		return write(fd, buf, n);
	if (n == 0 && fd_kind(io.wait.entry) > FD_PACKET)
		return write(fd, buf, n); /* never waits; what it says depends on the kind */
	return write_all_kinds(&io);
}
