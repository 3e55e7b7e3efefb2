/* message.c - recv, recvfrom, recvmsg, send, sendto, sendmsg.
 *
 * Each attempt is the call itself with MSG_DONTWAIT. What the kernel's own loop does
 * beyond one attempt is done here: MSG_WAITALL and SO_RCVLOWAT collect, a send on a
 * stream goes on until all is sent. Calls that never wait anyway (MSG_DONTWAIT, MSG_OOB,
 * MSG_ERRQUEUE) are made plainly. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../fdwait.h"
#include "../sched.h"
#include "iov.h"
#include "passing.h"
#include "sockarg.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>

struct message {
	struct fdwait wait;
	bool by_header;         /* recvmsg and sendmsg */
	struct msghdr *header;  /* theirs; as bad a pointer as the user gave */
	const struct msghdr *original; /* the user's, while header is a shifted copy */
	char *buf;
	size_t n;               /* bytes asked for; of a header, known after the first attempt */
	int flags;
	struct sockaddr *address;
	socklen_t *address_size; /* NULL for plain recv */
	const struct sockaddr *to;
	socklen_t to_size;
};

/* Copies for the rest of a message of which some bytes were moved. */
struct rest {
	struct iov_window window;
	struct msghdr header;
};

static const int never_wait = MSG_DONTWAIT | MSG_ERRQUEUE | MSG_OOB;

/* False if the call is to be made plainly. */
static bool begin(struct message *m, int fd, enum fd_dir dir)
{
	const int plain = dir == DIR_IN ? never_wait : MSG_DONTWAIT;

	if (!(m->flags & plain))
		return co__fdwait_begin(&m->wait, fd, dir);
	if (co__self())
		co__turn(co__ctx.worker);
	return false;
}

static ssize_t result(ssize_t r)
{
	return r < 0 ? -errno : r;
}

static void shift(struct message *m, struct rest *rest, size_t done)
{
	if (!m->by_header)
		return;
	if (!m->original)
		m->original = m->header;
	iov_window_at(
		&rest->window, m->original->msg_iov, (int)m->original->msg_iovlen, done);
	rest->header = *m->original;
	rest->header.msg_iov = rest->window.iov;
	rest->header.msg_iovlen = (size_t)rest->window.count;
	m->header = &rest->header;
}

static void measure(struct message *m)
{
	if (m->by_header && !m->original)
		m->n = iov_total(m->header->msg_iov, (int)m->header->msg_iovlen);
}

/* --- receiving ------------------------------------------------------------------------------------------ */

static ssize_t attempt_receive(struct message *m, size_t done)
{
	int flags = m->flags & ~MSG_WAITALL;

	if (!co__fdwait_ended(&m->wait))
		flags |= MSG_DONTWAIT;
	if (m->by_header)
		return result(recvmsg(m->wait.fd, m->header, flags));
	if (m->address_size || m->address)
		return result(recvfrom(m->wait.fd, m->buf + done, m->n - done, flags, m->address,
			m->address_size));
	return result(recv(m->wait.fd, m->buf + done, m->n - done, flags));
}

/* How many bytes end the call. */
static size_t wanted(const struct message *m)
{
	int lowat = 1;
	socklen_t size = sizeof(lowat);

	if (!fd_is_stream(m->wait.entry))
		return 0;
	if (m->flags & MSG_WAITALL)
		return m->n;
	if (!(fd_flags(m->wait.entry) & FD_LOWAT))
		return 0;
	if (getsockopt(m->wait.fd, SOL_SOCKET, SO_RCVLOWAT, &lowat, &size) < 0 || lowat < 1)
		return 0;
	return (size_t)lowat < m->n ? (size_t)lowat : m->n;
}

/* After a part: end with it when the stream has ended or broken, without taking the error
 * from the next call. */
static int wait_for_more(struct message *m, size_t done)
{
	int r = co__fdwait_wait(&m->wait);

	if (r == 0 && done > 0 && co__fdwait_poll(&m->wait) & POLLERR)
		return -ECONNRESET;
	return r;
}

/* An attempt that fails leaves the user's structures alone, so it can simply be
 * repeated. */
static ssize_t receive_first(struct message *m)
{
	ssize_t r;

	do {
		if (m->flags == 0 && !m->by_header && m->n > 0 && co__fdwait_drained(&m->wait))
			r = -EAGAIN;
		else
			r = attempt_receive(m, 0);
		if (r != -EAGAIN)
			return r;
		r = co__fdwait_wait(&m->wait);
	} while (r == 0);
	return r;
}

/* A peek begins at the front each time: it ends with what is there when more cannot
 * come. */
static ssize_t peek(struct message *m, size_t enough, ssize_t first)
{
	ssize_t got = first;
	int r;

	m->wait.moved = true;
	while (got >= 0 && (size_t)got < enough) {
		if (co__fdwait_poll(&m->wait) & (POLLRDHUP | POLLHUP | POLLERR))
			break;
		r = co__fdwait_wait(&m->wait);
		if (r < 0)
			break;
		got = attempt_receive(m, 0);
		if (got == -EAGAIN) /* another reader was faster */
			return receive_first(m);
	}
	return got;
}

/* The kernel does not join bytes over ancillary data. */
static bool has_control(const struct message *m)
{
	return m->by_header && m->header->msg_control && m->header->msg_controllen > 0;
}

static ssize_t collect(struct message *m, ssize_t first, size_t enough)
{
	struct rest rest;
	struct msghdr *user = m->header;
	size_t done = (size_t)first;
	ssize_t r = first;

	m->wait.moved = true;
	while (done < enough && !has_control(m)) {
		shift(m, &rest, done);
		r = attempt_receive(m, done);
		if (r == -EAGAIN)
			r = wait_for_more(m, done);
		else if (r > 0)
			done += (size_t)r;
		else
			break;
		if (r < 0)
			break;
	}
	if (m->by_header && m->header != user) {
		user->msg_flags = rest.header.msg_flags;
		user->msg_controllen = rest.header.msg_controllen;
	}
	return (ssize_t)done;
}

static ssize_t receive(struct message *m)
{
	ssize_t r = receive_first(m);
	size_t enough;

	if (!m->by_header && m->flags == 0)
		co__fdwait_note_read(&m->wait, r, m->n);
	if (r > 0 && (m->flags & MSG_WAITALL || fd_flags(m->wait.entry) & FD_LOWAT)) {
		measure(m);
		enough = wanted(m);
		if (m->flags & MSG_PEEK)
			r = peek(m, enough, r);
		else
			r = collect(m, r, enough);
	}
	return co__fdwait_end(&m->wait, r);
}

ssize_t co_recv(int fd, void *buf, size_t n, int flags)
{
	struct message m = {.buf = buf, .n = n, .flags = flags};

	if (!begin(&m, fd, DIR_IN))
		return recv(fd, buf, n, flags);
	return receive(&m);
}

ssize_t co_recvfrom(int fd, void *restrict buf, size_t n, int flags, __SOCKADDR_ARG address,
	socklen_t *restrict size)
{
	struct message m = {.buf = buf,
		.n = n,
		.flags = flags,
		.address = SOCKADDR_OF(address),
		.address_size = size};

	if (!begin(&m, fd, DIR_IN))
		return recvfrom(fd, buf, n, flags, address, size);
	return receive(&m);
}

ssize_t co__recvmsg_after(int fd, struct msghdr *header, int flags, bool moved)
{
	struct message m = {.by_header = true, .header = header, .flags = flags};

	if (!begin(&m, fd, DIR_IN))
		return recvmsg(fd, header, flags);
	m.wait.moved = moved;
	return receive(&m);
}

ssize_t co_recvmsg(int fd, struct msghdr *header, int flags)
{
	return co__recvmsg_after(fd, header, flags, false);
}

/* --- sending ---------------------------------------------------------------------------------------------- */

static ssize_t attempt_send(struct message *m, size_t done)
{
	int flags = m->flags | co__fdwait_send_flags(&m->wait);

	if (m->by_header)
		return result(sendmsg(m->wait.fd, m->header, flags));
	if (m->to || m->to_size)
		return result(sendto(
			m->wait.fd, m->buf + done, m->n - done, flags, m->to, m->to_size));
	return result(send(m->wait.fd, m->buf + done, m->n - done, flags));
}

/* A datagram socket can be writable while the receiver's queue is full: no event tells of
 * that. */
static int wait_for_receiver(struct message *m, unsigned tries)
{
	if (tries > 4)
		tries = 4;
	if (!fd_is_stream(m->wait.entry) && co__fdwait_poll(&m->wait) & POLLOUT)
		return co__fdwait_pause(&m->wait, NS_PER_MS << tries);
	return co__fdwait_wait(&m->wait);
}

static int wait_for_room(struct message *m, size_t done, unsigned tries)
{
	int r = wait_for_receiver(m, tries);

	return r == 0 ? co__fdwait_broken(&m->wait, done) : r;
}

/* TCP Fast Open: the kernel connects first. What was not taken with the SYN goes the
 * normal way. */
static bool connecting(struct message *m, ssize_t r)
{
	if (r != -EINPROGRESS || !(m->flags & MSG_FASTOPEN))
		return false;
	m->flags &= ~MSG_FASTOPEN;
	m->to = NULL;
	m->to_size = 0;
	return true;
}

static ssize_t transmit(struct message *m)
{
	struct rest rest;
	bool stream = fd_is_stream(m->wait.entry);
	unsigned tries = 0;
	size_t done = 0;
	ssize_t r;

	for (;;) {
		r = attempt_send(m, done);
		if (r == -EAGAIN || connecting(m, r)) {
			r = wait_for_room(m, done, tries++);
			if (r < 0)
				break;
			continue;
		}
		if (r >= 0)
			measure(m);
		if (r > 0)
			done += (size_t)r;
		m->wait.moved |= done > 0;
		if (r <= 0 || !stream || done >= m->n)
			break;
		shift(m, &rest, done);
		if (m->by_header) { /* it went with the first bytes */
			rest.header.msg_control = NULL;
			rest.header.msg_controllen = 0;
		}
	}
	return co__fdwait_end(&m->wait, done ? (ssize_t)done : r);
}

ssize_t co_send(int fd, const void *buf, size_t n, int flags)
{
	struct message m = {.buf = (char *)buf, .n = n, .flags = flags};

	if (!begin(&m, fd, DIR_OUT))
		return send(fd, buf, n, flags);
	return transmit(&m);
}

ssize_t co_sendto(int fd, const void *buf, size_t n, int flags, __CONST_SOCKADDR_ARG to,
	socklen_t size)
{
	struct message m = {.buf = (char *)buf,
		.n = n,
		.flags = flags,
		.to = SOCKADDR_OF(to),
		.to_size = size};

	if (!begin(&m, fd, DIR_OUT))
		return sendto(fd, buf, n, flags, to, size);
	return transmit(&m);
}

void co__passing_sent(const struct msghdr *header)
{
	struct msghdr copy = *header;
	int error = errno;

	if (!copy.msg_control || copy.msg_controllen == 0)
		return;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&copy); c; c = CMSG_NXTHDR(&copy, c)) {
		const int *fds = (const int *)CMSG_DATA(c);
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < (c->cmsg_len - CMSG_LEN(0)) / sizeof(int); i++) {
			struct fd_entry *e = co__fd_look(fds[i]);
			if (e)
				co__fd_set(e, FD_SHARED, 0);
		}
	}
	errno = error;
}

ssize_t co__sendmsg_after(int fd, const struct msghdr *header, int flags, bool moved)
{
	struct message m = {
		.by_header = true, .header = (struct msghdr *)header, .flags = flags};
	ssize_t r;

	if (!begin(&m, fd, DIR_OUT)) {
		r = sendmsg(fd, header, flags);
	} else {
		m.wait.moved = moved;
		r = transmit(&m);
	}
	if (r >= 0)
		co__passing_sent(header);
	return r;
}

ssize_t co_sendmsg(int fd, const struct msghdr *header, int flags)
{
	return co__sendmsg_after(fd, header, flags, false);
}
