/* socket.c - making sockets, their options, shutdown.
 *
 * None of these waits; they are hooked so that the descriptor table knows kinds,
 * O_NONBLOCK and timeouts without asking the kernel. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../fdtab.h"
#include "../wait.h"
#include "acceptlock.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

static enum fd_kind kind_of(int domain, int type, int protocol)
{
	if ((type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != SOCK_STREAM)
		return FD_PACKET;
	if ((domain == AF_INET || domain == AF_INET6) &&
		(protocol == 0 || protocol == IPPROTO_TCP))
		return FD_TCP;
	return FD_STREAM;
}

static unsigned flags_of(int type)
{
	return type & SOCK_NONBLOCK ? FD_NONBLOCK | FD_KNOWN_IN | FD_KNOWN_OUT : 0;
}

int co_socket(int domain, int type, int protocol)
{
	return co__fd_opened(socket(domain, type, protocol), kind_of(domain, type, protocol),
		flags_of(type));
}

int co_socketpair(int domain, int type, int protocol, int fds[2])
{
	int r = socketpair(domain, type, protocol, fds);

	if (r == 0) {
		co__fd_opened(fds[0], kind_of(domain, type, protocol), flags_of(type));
		co__fd_opened(fds[1], kind_of(domain, type, protocol), flags_of(type));
	}
	return r;
}

int co_listen(int fd, int backlog)
{
	int r = listen(fd, backlog);
	int error = errno;

	if (r == 0)
		co__accept_listens(fd);
	errno = error;
	return r;
}

/* Waiting readers find the end of the stream, writers EPIPE, acceptors EINVAL: they have
 * to look. */
int co_shutdown(int fd, int how)
{
	int r = shutdown(fd, how);
	int error = errno;
	struct fd_entry *e = co__fd_entry(fd);

	if (e)
		co__waiters_retry(e);
	errno = error;
	return r;
}

int co_getsockopt(int fd, int level, int name, void *restrict value, socklen_t *restrict size)
{
	return getsockopt(fd, level, name, value, size);
}

static bool is_negative(const void *value)
{
	return ((const struct timeval *)value)->tv_sec < 0;
}

/* What was cached of the option has to be read again before the next wait. */
static void note_option(int fd, int level, int name, const void *value)
{
	struct fd_entry *e = co__fd_entry(fd);

	if (!e)
		return;
	if (level == SOL_SOCKET && name == SO_RCVTIMEO)
		co__fd_set(e, is_negative(value) ? FD_HASTY_IN : 0,
			FD_KNOWN_IN | FD_HASTY_IN);
	else if (level == SOL_SOCKET && name == SO_SNDTIMEO)
		co__fd_set(e, is_negative(value) ? FD_HASTY_OUT : 0,
			FD_KNOWN_OUT | FD_HASTY_OUT);
	else if (level == SOL_SOCKET && name == SO_RCVLOWAT)
		co__fd_set(e, FD_LOWAT, 0);
	else if (level == IPPROTO_TCP && name == TCP_ULP) /* kernel TLS has records */
		co__fd_set_kind(e, FD_STREAM);
}

int co_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
	int r = setsockopt(fd, level, name, value, size);
	int error = errno;

	if (r == 0)
		note_option(fd, level, name, value);
	errno = error;
	return r;
}
