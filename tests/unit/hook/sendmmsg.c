/* sendmmsg.c - sendmmsg(2) through libc and through its mirror. */
#include "harness/outgoing.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MOST = 4 };

static ssize_t send_with(struct run *run, int fd, const void *buf, size_t size, int flags)
{
	struct iovec part = {(void *)buf, size};
	struct mmsghdr message = {.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}};
	ssize_t n = result(run, "sendmmsg", enter(run)->sendmmsg(fd, &message, 1, flags));

	return n == 1 ? (ssize_t)message.msg_len : n;
}

static ssize_t send_without(struct run *run, int fd, const void *buf, size_t size)
{
	return send_with(run, fd, buf, size, 0);
}

/* SIZES of them, of the pattern's bytes. */
static int send_several(
	struct run *run, int fd, const size_t *sizes, unsigned n, const char *bytes)
{
	struct mmsghdr messages[MOST];
	struct iovec parts[MOST];
	size_t at = 0;
	unsigned i;
	int sent;

	memset(messages, 0, sizeof(messages));
	for (i = 0; i < n; i++) {
		parts[i] = (struct iovec){(void *)(bytes + at), sizes[i]};
		at += sizes[i];
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	sent = (int)result(run, "sendmmsg", enter(run)->sendmmsg(fd, messages, n, 0));
	for (i = 0; i < n; i++)
		note(run, "length %u", messages[i].msg_len);
	return sent;
}

static void several(struct run *run)
{
	static const size_t sizes[] = {3, 5, 0, 4};
	struct pair pair = pair_open(run, 0, FROM_ME);
	char got[20];
	ssize_t n;

	errno = EDOM;
	send_several(run, pair.mine, sizes, 4, "onethreefour");
	took_no_wait(run);
	while ((n = recv(pair.theirs, got, sizeof(got), MSG_DONTWAIT)) > 0)
		note_bytes(run, "got", got, n);
}

static void more_than_fits(struct run *run)
{
	static const size_t sizes[] = {MORE_THAN_FITS / 2, MORE_THAN_FITS / 2 - 5, 5};
	static char bytes[MORE_THAN_FITS];
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {
		.act = peer_drains, .fd = pair.theirs, .size = MORE_THAN_FITS};

	narrow(run, &pair);
	pattern_fill(bytes, sizeof(bytes));
	peer_start(run, &peer);
	send_several(run, pair.mine, sizes, 3, bytes);
	peer_join(&peer);
	note(run, "arrived %zd", peer.count);
}

static void peer_empties(struct peer *peer)
{
	char buf[4096];

	open_up(peer->fd);
	while (recv(peer->fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
}

static void waits_for_a_receiver(struct run *run)
{
	static const size_t sizes[] = {3, 5, 4};
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {.act = peer_empties, .fd = pair.theirs};

	fill_up(run, &pair);
	peer_start(run, &peer);
	send_several(run, pair.mine, sizes, 3, "onethreefour");
	peer_join(&peer);
}

static void too_many(struct run *run)
{
	static struct mmsghdr messages[UIO_MAXIOV + 100];
	struct pair pair = pair_open(run, UDP, FROM_ME);
	struct iovec part = {(void *)"x", 1};
	size_t i;

	for (i = 0; i < COUNT(messages); i++)
		messages[i].msg_hdr = (struct msghdr){.msg_iov = &part, .msg_iovlen = 1};
	result(run, "sendmmsg",
		enter(run)->sendmmsg(pair.mine, messages, COUNT(messages), 0));
}

static void bad_messages(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct iovec good = {(void *)"one", 3}, bad = {nowhere(), 3};
	struct mmsghdr messages[2] = {{.msg_hdr = {.msg_iov = &good, .msg_iovlen = 1}},
		{.msg_hdr = {.msg_iov = &bad, .msg_iovlen = 1}}};

	result(run, "none", enter(run)->sendmmsg(pair.mine, NULL, 0, 0));
	result(run, "not open", enter(run)->sendmmsg(900, messages, 1, 0));
	result(run, "nowhere", enter(run)->sendmmsg(pair.mine, nowhere(), 1, 0));
	result(run, "bad second", enter(run)->sendmmsg(pair.mine, messages, 2, 0));
	result(run, "bad first", enter(run)->sendmmsg(pair.mine, messages + 1, 1, 0));
	took_no_wait(run);
}

/* The receiver finds the description as the user left it. */
static void descriptor_is_sent(struct run *run)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr header;
	} control = {.header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
	struct pair pair = pair_open(run, 0, FROM_ME), other = pair_open(run, TCP, TO_ME);
	struct iovec part = {(void *)"x", 1};
	struct mmsghdr message = {.msg_hdr = {.msg_iov = &part,
					  .msg_iovlen = 1,
					  .msg_control = &control,
					  .msg_controllen = sizeof(control)}};
	int received = -1;

	memcpy(CMSG_DATA(&control.header), &other.mine, sizeof(int));
	result(run, "sendmmsg", enter(run)->sendmmsg(pair.mine, &message, 1, 0));
	note(run, "peer got %zd", recvmsg(pair.theirs, &message.msg_hdr, MSG_DONTWAIT));
	memcpy(&received, CMSG_DATA(&control.header), sizeof(int));
	check(run, fcntl(received, F_SETFL, O_NONBLOCK) == 0);
	close(received);
	result(run, "read", enter(run)->read(other.mine, &received, 1));
	took_no_wait(run);
}

int main(void)
{
	static const struct outgoing verb = {
		.give = send_without, .give_with = send_with, .sockets_only = true};
	static const struct scenario scenarios[] = {
		{"several (udp)", several, UDP},
		{"several (tcp)", several, TCP},
		{"several (unix datagram)", several, UNIX_DGRAM},
		{"more than fits (tcp)", more_than_fits, TCP},
		{"more than fits (unix)", more_than_fits, UNIX_STREAM},
		{"waits for a receiver (datagram)", waits_for_a_receiver, UNIX_DGRAM},
		{"waits for a receiver (seqpacket)", waits_for_a_receiver,
			UNIX_SEQPACKET},
		{"too many", too_many},
		{"bad messages (udp)", bad_messages, UDP},
		{"bad messages (tcp)", bad_messages, TCP},
		{"descriptor is sent (datagram)", descriptor_is_sent, UNIX_DGRAM},
		{"descriptor is sent (stream)", descriptor_is_sent, UNIX_STREAM},
	};

	outgoing_add(&verb);
	outgoing_add_limits(&verb);
	outgoing_add_flags(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("sendmmsg");
}
