/* batch.c - recvmmsg, sendmmsg: several messages by one call.
 *
 * What is there, or has room, goes by the kernel's own call, which then does not wait;
 * what the mirrors of recvmsg and sendmsg do beyond one attempt (see message.c) they do
 * here, a message at a time. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../fdwait.h"
#include "passing.h"
#include "readycall.h"
#include "sockarg.h"
#include "usermem.h"

#include <errno.h>
#include <limits.h>

struct batch {
	struct fdwait wait;
	struct mmsghdr *messages;
	unsigned n, done;
	int flags;
	bool timed; /* the rest is recvmmsg's */
	uint64_t end;
	struct timespec
		left; /* of the time, after the last message; zero ends the call */
};

static int result(int r)
{
	return r < 0 ? -errno : r;
}

/* --- receiving ------------------------------------------------------------------------------------- */

static void count_time(struct batch *b)
{
	const uint64_t now = now_ns();

	b->left = timespec_of_ns(b->end > now ? b->end - now : 0);
}

static int receive_some(struct batch *b)
{
	const bool one_is_enough = b->done > 0 && b->flags & MSG_WAITFORONE;
	int flags = b->flags;

	if (one_is_enough || !co__fdwait_ended(&b->wait))
		flags |= MSG_DONTWAIT;
	if (b->timed)
		count_time(b);
	return result(recvmmsg(b->wait.fd, b->messages + b->done, b->n - b->done, flags,
		b->timed ? &b->left : NULL));
}

/* Linux looks at the time after each message, and only then. */
static bool is_complete(const struct batch *b)
{
	const struct mmsghdr *last = &b->messages[b->done - 1];

	if (b->done == b->n || last->msg_hdr.msg_flags & MSG_OOB)
		return true;
	return b->timed && b->left.tv_sec == 0 && b->left.tv_nsec == 0;
}

/* An error that comes after a message is the next call's. */
static bool has_error(const struct batch *b)
{
	return b->done > 0 && co__fdwait_poll(&b->wait) & POLLERR;
}

static int wait_for_next(struct batch *b)
{
	if (b->done > 0 && b->flags & MSG_WAITFORONE)
		return -EAGAIN;
	return co__fdwait_wait(&b->wait);
}

/* Each message has the whole of SO_RCVTIMEO. */
static void received(struct batch *b, int n)
{
	b->done += (unsigned)n;
	b->wait.has_due = false;
	b->wait.moved = true;
}

static int receive_all(struct batch *b)
{
	int r;

	do {
		r = receive_some(b);
		if (r == -EAGAIN)
			r = wait_for_next(b);
		else if (r > 0)
			received(b, r);
		if (r < 0 || (r > 0 && is_complete(b)))
			break;
	} while (!has_error(b));
	return b->done ? (int)b->done : r;
}

static int receive_by_one(struct batch *b)
{
	int flags = b->flags & ~MSG_WAITFORONE;
	ssize_t r;

	do {
		r = co__recvmsg_after(b->wait.fd, &b->messages[b->done].msg_hdr, flags,
			b->done > 0);
		if (r < 0)
			break;
		b->messages[b->done++].msg_len = (unsigned)r;
		if (b->timed)
			count_time(b);
		if (b->flags & MSG_WAITFORONE)
			flags |= MSG_DONTWAIT;
	} while (!is_complete(b) && !has_error(b));
	return b->done ? (int)b->done : -errno;
}

/* A stream that collects does so for each message. */
static bool collects(const struct batch *b)
{
	return fd_is_stream(b->wait.entry) &&
	       (b->flags & MSG_WAITALL || fd_flags(b->wait.entry) & FD_LOWAT);
}

static int receive(struct batch *b, struct timespec *timeout)
{
	int r = collects(b) ? receive_by_one(b) : receive_all(b);

	r = (int)co__fdwait_end(&b->wait, r);
	if (r > 0 && timeout && !usermem_write(timeout, &b->left, sizeof(b->left))) {
		errno = EFAULT;
		return -1;
	}
	return r;
}

static bool read_timeout(struct batch *b, const struct timespec *timeout)
{
	b->timed = timeout != NULL;
	if (!timeout)
		return true;
	if (!usermem_read(&b->left, timeout, sizeof(b->left)) ||
		!ready_span_is_valid(&b->left))
		return false;
	b->end = due_after(ns_of_timespec(&b->left));
	return true;
}

int co_recvmmsg(
	int fd, struct mmsghdr *messages, unsigned n, MMSG_FLAGS flags,
	struct timespec *timeout)
{
	const int plain = MSG_DONTWAIT | MSG_ERRQUEUE | MSG_OOB;
	struct batch b = {.messages = messages, .n = n, .flags = flags};

	if (n == 0 || flags & plain || !co__fdwait_begin(&b.wait, fd, DIR_IN) ||
		!read_timeout(&b, timeout))
		return recvmmsg(fd, messages, n, flags, timeout);
	return receive(&b, timeout);
}

/* --- sending --------------------------------------------------------------------------------------- */

static int send_some(struct batch *b)
{
	int r = result(sendmmsg(b->wait.fd, b->messages + b->done, b->n - b->done,
		b->flags | MSG_DONTWAIT));

	for (int i = 0; i < r; i++)
		co__passing_sent(&b->messages[b->done + (unsigned)i].msg_hdr);
	return r;
}

/* It may wait. A part of a stream's message ends the call: more than that did not go. */
static int send_one(struct batch *b)
{
	struct mmsghdr *message = &b->messages[b->done];
	ssize_t r = co__sendmsg_after(
		b->wait.fd, &message->msg_hdr, b->flags, b->done > 0);

	if (r < 0)
		return -errno;
	message->msg_len = (unsigned)r;
	return 1;
}

static bool is_whole(const struct mmsghdr *message)
{
	size_t total = 0;

	for (size_t i = 0; i < (size_t)message->msg_hdr.msg_iovlen; i++)
		total += message->msg_hdr.msg_iov[i].iov_len;
	return message->msg_len >= total;
}

static int send_all(struct batch *b)
{
	int r;

	do {
		r = fd_is_stream(b->wait.entry) ? -EAGAIN : send_some(b);
		if (r == -EAGAIN)
			r = send_one(b);
		if (r <= 0)
			break;
		b->done += (unsigned)r;
	} while (b->done < b->n && is_whole(&b->messages[b->done - 1]));
	return b->done ? (int)b->done : r;
}

int co_sendmmsg(int fd, struct mmsghdr *messages, unsigned n, MMSG_FLAGS flags)
{
	struct batch b = {.messages = messages, .n = n, .flags = flags};

	if (n == 0 || flags & MSG_DONTWAIT || !co__fdwait_begin(&b.wait, fd, DIR_OUT))
		return sendmmsg(fd, messages, n, flags);
	if (b.n > UIO_MAXIOV)
		b.n = UIO_MAXIOV;
	return (int)co__fdwait_end(&b.wait, send_all(&b));
}
