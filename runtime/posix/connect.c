/* connect.c - connect with O_NONBLOCK set for the instant of the call alone.
 *
 * The attempt starts the connection; when the socket is writable the plain call is made
 * again, which by then does not wait and answers, with all side effects, as the first
 * would have. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../fdwait.h"
#include "sockarg.h"

#include <errno.h>
#include <sys/ioctl.h>

struct call {
	struct fdwait wait;
	const struct sockaddr *address;
	socklen_t size;
};

static int plain(const struct call *c)
{
	return connect(c->wait.fd, c->address, c->size) < 0 ? -errno : 0;
}

static int start(const struct call *c)
{
	int on = 1, off = 0;
	int r;

	critical_begin();
	ioctl(c->wait.fd, FIONBIO, &on);
	r = plain(c);
	ioctl(c->wait.fd, FIONBIO, &off);
	critical_end();
	return r;
}

/* The deadline's errno is that of the state the socket is left in: EINPROGRESS, or
 * EALREADY if an earlier call had begun it. */
static int finish(struct call *c, int state)
{
	int r;

	while (!co__fdwait_poll(&c->wait)) {
		r = co__fdwait_wait(&c->wait);
		if (r < 0)
			return r == -EAGAIN ? state : r;
	}
	r = plain(c);
	return r == -EISCONN ? 0 : r; /* protocols that count the first call as done */
}

/* A local listener's queue is full; nothing tells when there is room. */
static int retry(struct call *c)
{
	unsigned tries = 0;
	int r;

	do {
		r = co__fdwait_pause(&c->wait, NS_PER_MS << (tries < 5 ? tries++ : 5));
		if (r == 0)
			r = start(c);
		else
			break;
	} while (r == -EAGAIN);
	return r;
}

/* Datagram sockets only note the address. */
static bool may_wait(int fd, const struct fd_entry *e)
{
	int type = 0;
	socklen_t size = sizeof(type);

	if (fd_kind(e) != FD_PACKET)
		return fd_is_stream(e);
	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type != SOCK_DGRAM &&
		type != SOCK_RAW;
}

int co_connect(int fd, __CONST_SOCKADDR_ARG address, socklen_t size)
{
	struct call c = {.address = SOCKADDR_OF(address), .size = size};
	int r;

	if (!co__fdwait_begin(&c.wait, fd, DIR_OUT) || !may_wait(fd, c.wait.entry) ||
		co__fdwait_user_nonblock(&c.wait))
		return connect(fd, address, size);
	r = start(&c);
	if (r == -EINPROGRESS || r == -EALREADY)
		r = finish(&c, r);
	else if (r == -EAGAIN)
		r = retry(&c);
	return (int)co__fdwait_end(&c.wait, r);
}
