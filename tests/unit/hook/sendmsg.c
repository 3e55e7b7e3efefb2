/* sendmsg.c - sendmsg(2) through libc and through its mirror: parts, addresses, control
 * data. */
#include "harness/outgoing.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <arpa/inet.h>
#include <limits.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

static ssize_t send_with(struct run *run, int fd, const void *buf, size_t size, int flags)
{
	struct iovec part = {(void *)buf, size};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	ssize_t n = result(run, "sendmsg", enter(run)->sendmsg(fd, &message, flags));

	check(run, message.msg_iov == &part && message.msg_iovlen == 1);
	check(run, part.iov_base == buf && part.iov_len == size);
	return n;
}

static ssize_t send_without(struct run *run, int fd, const void *buf, size_t size)
{
	return send_with(run, fd, buf, size, 0);
}

union one_descriptor {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr header;
};

static int receive_descriptor(struct run *run, int fd)
{
	union one_descriptor control;
	char byte;
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control)};
	int received = -1;

	note(run, "peer got %zd", recvmsg(fd, &message, MSG_DONTWAIT));
	if (CMSG_FIRSTHDR(&message))
		memcpy(&received, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(received));
	return received;
}

static void send_descriptor(struct run *run, int through, int fd, size_t size)
{
	static char bytes[MORE_THAN_FITS];
	union one_descriptor control = {
		.header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
	struct iovec part = {bytes, size};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control)};

	pattern_fill(bytes, sizeof(bytes));
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	result(run, "sendmsg", enter(run)->sendmsg(through, &message, 0));
}

/* What is sent is the description: the receiver must find it as the user left it. */
static void descriptor_is_sent(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME), other = pair_open(run, TCP, TO_ME);
	int received;

	send_descriptor(run, pair.mine, other.mine, 1);
	received = receive_descriptor(run, pair.theirs);
	note_flags(run, "the received descriptor", received);
	close(received);
	send_descriptor(run, pair.mine, 900, 1);
}

static void peer_counts_descriptors(struct peer *peer)
{
	static char bytes[4096];
	union one_descriptor control;
	size_t total = 0;

	while (total < peer->size) {
		struct iovec part = {bytes, sizeof(bytes)};
		struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1,
			.msg_control = &control, .msg_controllen = sizeof(control)};
		ssize_t n = recvmsg(peer->fd, &message, 0);
		int fd;

		if (n <= 0)
			break;
		total += (size_t)n;
		if (!CMSG_FIRSTHDR(&message))
			continue;
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
		close(fd);
		peer->count++;
	}
}

/* The call waits in the middle of the bytes; the descriptor goes with the first of them,
 * once. */
static void descriptor_goes_once(struct run *run)
{
	struct pair pair = pair_open(run, UNIX_STREAM, FROM_ME);
	struct peer peer = {.act = peer_counts_descriptors, .fd = pair.theirs,
		.size = MORE_THAN_FITS};

	narrow(run, &pair);
	peer_start(run, &peer);
	send_descriptor(run, pair.mine, pair.mine, MORE_THAN_FITS);
	peer_join(&peer);
	note(run, "descriptors: %zd", peer.count);
}

static void parts_over_many_waits(struct run *run)
{
	enum { PARTS = 1000, SIZE = 777 };
	static struct iovec parts[PARTS];
	static char bytes[PARTS * SIZE];
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = PARTS};
	struct peer peer = {.act = peer_drains, .fd = pair.theirs, .size = sizeof(bytes)};
	int i;

	pattern_fill(bytes, sizeof(bytes));
	for (i = 0; i < PARTS; i++)
		parts[i] = (struct iovec){bytes + i * SIZE, SIZE};
	narrow(run, &pair);
	peer_start(run, &peer);
	result(run, "sendmsg", enter(run)->sendmsg(pair.mine, &message, 0));
	peer_join(&peer);
	note(run, "peer got %zd", peer.count);
	for (i = 0; i < PARTS; i++)
		check(run, parts[i].iov_base == bytes + i * SIZE && parts[i].iov_len == SIZE);
}

static void to_an_address(struct run *run)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	int mine = keep(run, run->calls->socket(AF_INET, SOCK_DGRAM, 0));
	int theirs = keep_foreign(run, socket(AF_INET, SOCK_DGRAM, 0));
	char buf[16] = "hello";
	struct iovec part = {buf, 5};
	struct msghdr message = {.msg_name = &address, .msg_namelen = size,
		.msg_iov = &part, .msg_iovlen = 1};

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	check(run, bind(theirs, (void *)&address, size) == 0);
	check(run, getsockname(theirs, (void *)&address, &size) == 0);
	result(run, "sendmsg", enter(run)->sendmsg(mine, &message, 0));
	note(run, "peer got %zd", recv(theirs, buf, sizeof(buf), 0));
	message.msg_namelen = 3;
	result(run, "sendmsg", enter(run)->sendmsg(mine, &message, 0));
}

static void bad_messages(struct run *run)
{
	static struct iovec many[IOV_MAX + 1];
	struct pair pair = pair_open(run, TCP, FROM_ME);
	struct msghdr too_many = {.msg_iov = many, .msg_iovlen = IOV_MAX + 1};
	struct msghdr lost = {.msg_iov = nowhere(), .msg_iovlen = 1};
	struct msghdr nothing = {0};

	result(run, "sendmsg", enter(run)->sendmsg(pair.mine, &too_many, 0));
	result(run, "sendmsg", enter(run)->sendmsg(pair.mine, &lost, 0));
	result(run, "sendmsg", enter(run)->sendmsg(pair.mine, &nothing, 0));
	result(run, "sendmsg", enter(run)->sendmsg(-1, &nothing, 0));
	took_no_wait(run);
}

static void no_message(struct run *run)
{
	struct pair pair = pair_open(run, TCP, FROM_ME);

	result(run, "sendmsg", enter(run)->sendmsg(pair.mine, nowhere(), 0));
	result(run, "sendmsg", enter(run)->sendmsg(pair.mine, NULL, 0));
}

int main(void)
{
	static const struct outgoing verb = {
		.give = send_without,
		.give_with = send_with,
		.sockets_only = true,
	};
	static const struct scenario scenarios[] = {
		{"descriptor is sent (unix stream)", descriptor_is_sent, UNIX_STREAM},
		{"descriptor is sent (unix datagram)", descriptor_is_sent, UNIX_DGRAM},
		{"descriptor goes once", descriptor_goes_once},
		{"parts over many waits (tcp)", parts_over_many_waits, TCP},
		{"parts over many waits (unix)", parts_over_many_waits, UNIX_STREAM},
		{"to an address", to_an_address},
		{"bad messages", bad_messages},
		{"no message", no_message},
	};

	outgoing_add(&verb);
	outgoing_add_limits(&verb);
	outgoing_add_flags(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("sendmsg");
}
