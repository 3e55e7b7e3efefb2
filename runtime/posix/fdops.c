/* fdops.c - close, pipe, dup, fcntl, ioctl: where descriptors begin, end, multiply and
 * change.
 *
 * close() and dup2() tell every waiter before the number can be used again. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../cancel.h"
#include "../fdtab.h"
#include "filelock.h"
#include "sockarg.h"

#include <errno.h>
#include <stdarg.h>

int co_close(int fd)
{
	uint32_t generation;
	int r, error;

	if (co__self())
		co__cancel_point(co__ctx.self);
	generation = co__fd_close_begin(fd);
	r = close(fd);
	error = errno;
	co__fd_close_done(fd, generation);
	errno = error;
	return r;
}

int co_pipe2(int fds[2], int flags)
{
	const unsigned known = FD_NONBLOCK | FD_KNOWN_IN | FD_KNOWN_OUT;
	int r = pipe2(fds, flags);

	if (r == 0) {
		co__fd_opened(fds[0], FD_PIPE, flags & O_NONBLOCK ? known : 0);
		co__fd_opened(fds[1], FD_PIPE, flags & O_NONBLOCK ? known : 0);
	}
	return r;
}

int co_pipe(int fds[2])
{
	return co_pipe2(fds, 0);
}

int co_dup(int fd)
{
	int copy = dup(fd);
	int error = errno;

	co__fd_copied(fd, copy);
	errno = error;
	return copy;
}

/* COPY is replaced, unless FD is not open. */
static int replace(int fd, int copy, int flags)
{
	uint32_t generation;
	int r, error;

	if (fd == copy || copy < 0 || fcntl(fd, F_GETFD) < 0)
		return dup3(fd, copy, flags);
	generation = co__fd_close_begin(copy);
	r = dup3(fd, copy, flags);
	error = errno;
	if (r < 0)
		co__fd_close_done(copy, generation);
	else
		co__fd_copied(fd, copy);
	errno = error;
	return r;
}

int co_dup2(int fd, int copy)
{
	if (fd == copy)
		return dup2(fd, copy);
	return replace(fd, copy, 0);
}

int co_dup3(int fd, int copy, int flags)
{
	return replace(fd, copy, flags);
}

/* The user's word on O_NONBLOCK holds for both directions. */
static void note_nonblock(int fd, bool on)
{
	struct fd_entry *e = co__fd_look(fd);

	if (e)
		co__fd_set(e, on ? FD_NONBLOCK : 0, on ? 0 : FD_NONBLOCK);
}

int co_fcntl(int fd, int command, ...)
{
	va_list list;
	void *argument;
	int r, error;

	va_start(list, command);
	argument = va_arg(list, void *); /* an int travels in the same place */
	va_end(list);
	if (command == F_SETLKW || command == F_OFD_SETLKW)
		return co__filelock_record(fd, command, argument);
	r = fcntl(fd, command, argument);
	error = errno;
	if (r >= 0 && (command == F_DUPFD || command == F_DUPFD_CLOEXEC))
		co__fd_copied(fd, r);
	else if (r == 0 && command == F_SETFL)
		note_nonblock(fd, (uintptr_t)argument & O_NONBLOCK);
	errno = error;
	return r;
}

/* off_t has 64 bits either way. */
__typeof__(fcntl) co_fcntl64 __attribute__((alias("co_fcntl")));

int co_ioctl(int fd, IOCTL_REQUEST request, ...)
{
	va_list list;
	void *argument;
	int r, error;

	va_start(list, request);
	argument = va_arg(list, void *);
	va_end(list);
	r = ioctl(fd, request, argument);
	error = errno;
	if (r == 0 && request == (IOCTL_REQUEST)FIONBIO)
		note_nonblock(fd, *(const int *)argument != 0);
	errno = error;
	return r;
}
