/* recvmsg.c - recvmsg(2) through libc and through its mirror: parts, addresses, control
 * data, flags. */
#include "harness/incoming.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <limits.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

static ssize_t receive_with(struct run *run, int fd, void *buf, size_t size, int flags)
{
	struct iovec part = {buf, size};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	return result(run, "recvmsg", enter(run)->recvmsg(fd, &message, flags));
}

static ssize_t receive(struct run *run, int fd, void *buf, size_t size)
{
	return receive_with(run, fd, buf, size, 0);
}

static void note_message(struct run *run, const struct msghdr *message)
{
	note(run, "name %u, control %zu, flags %#x", message->msg_namelen,
		message->msg_controllen, (unsigned)message->msg_flags);
}

static void peer_sends_a_descriptor(struct peer *peer)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr header;
	} control = {.header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
	char byte = 0;
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
		.msg_controllen = sizeof(control)};

	memcpy(CMSG_DATA(&control.header), peer->arg, sizeof(int));
	if (sendmsg(peer->fd, &message, 0) != 1)
		trace_failure(peer->run->trace, "peer: descriptor not sent");
}

static int received_descriptor(struct run *run, struct msghdr *message)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	int fd = -1;

	check(run, header && header->cmsg_type == SCM_RIGHTS);
	if (header)
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return keep(run, fd);
}

/* The received copy waits like its original, from the first call. */
static void descriptor_arrives(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME), other = pair_open(run, TCP, TO_ME);
	struct peer sender = {
		.act = peer_sends_a_descriptor, .fd = pair.theirs, .arg = &other.mine};
	struct peer writer = {
		.act = peer_writes, .fd = other.theirs, .data = "hello", .size = 5};
	char byte, control[CMSG_SPACE(sizeof(int))], buf[16];
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control)};
	int copy;

	peer_start(run, &sender);
	result(run, "recvmsg", enter(run)->recvmsg(pair.mine, &message, MSG_CMSG_CLOEXEC));
	peer_join(&sender);
	note_message(run, &message);
	copy = received_descriptor(run, &message);
	note(run, "descriptor flags %d", fcntl(copy, F_GETFD));
	peer_start(run, &writer);
	result(run, "read", enter(run)->read(copy, buf, sizeof(buf)));
	peer_join(&writer);
}

static void no_room_for_the_descriptor(struct run *run)
{
	struct pair pair = pair_open(run, UNIX_STREAM, TO_ME);
	struct peer sender = {
		.act = peer_sends_a_descriptor, .fd = pair.theirs, .arg = &pair.mine};
	char byte;
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	peer_start(run, &sender);
	result(run, "recvmsg", enter(run)->recvmsg(pair.mine, &message, 0));
	peer_join(&sender);
	note_message(run, &message);
}

static void message_is_cut(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	char buf[4];
	struct iovec part = {buf, sizeof(buf)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_flags = 0x55};
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "too long", .size = 8};

	peer_start(run, &peer);
	result(run, "recvmsg", enter(run)->recvmsg(pair.mine, &message, 0));
	peer_join(&peer);
	note_message(run, &message);
	note_bytes(run, "bytes", buf, sizeof(buf));
}

static void sender_is_named(struct run *run)
{
	struct pair pair = pair_open(run, UDP, TO_ME);
	char buf[8];
	struct sockaddr_in from = {0}, theirs;
	socklen_t size = sizeof(theirs);
	struct iovec part = {buf, sizeof(buf)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_name = &from,
		.msg_namelen = 100};

	getsockname(pair.theirs, (void *)&theirs, &size);
	pair_put(run, &pair, "hello");
	result(run, "recvmsg", enter(run)->recvmsg(pair.mine, &message, 0));
	note_message(run, &message);
	check(run, memcmp(&from, &theirs, sizeof(from)) == 0);
}

/* Control data that comes with the message: the time to live it was sent with. */
static void control_data(struct run *run)
{
	struct pair pair = pair_open(run, UDP, TO_ME);
	char buf[8], control[64];
	struct iovec part = {buf, sizeof(buf)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
		.msg_controllen = sizeof(control)};
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	const int on = 1;

	check(run, run->calls->setsockopt(pair.mine, IPPROTO_IP, IP_RECVTTL, &on,
			   sizeof(on)) == 0);
	peer_start(run, &peer);
	result(run, "recvmsg", enter(run)->recvmsg(pair.mine, &message, 0));
	peer_join(&peer);
	note_message(run, &message);
	if (CMSG_FIRSTHDR(&message))
		note(run, "type %d, ttl %d", CMSG_FIRSTHDR(&message)->cmsg_type,
			*(int *)CMSG_DATA(CMSG_FIRSTHDR(&message)));
}

static void parts_over_two_waits(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	char a[3], b[9];
	struct iovec parts[] = {{a, sizeof(a)}, {b, sizeof(b)}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "fghijkl", .size = 7};

	pair_put(run, &pair, "abcde");
	peer_start(run, &peer);
	result(run, "recvmsg", enter(run)->recvmsg(pair.mine, &message, MSG_WAITALL));
	peer_join(&peer);
	note_bytes(run, "a", a, sizeof(a));
	note_bytes(run, "b", b, sizeof(b));
	note(run, "parts %zu %zu", parts[0].iov_len, parts[1].iov_len);
	check(run, message.msg_iov == parts && parts[1].iov_base == b);
}

static void bad_messages(struct run *run)
{
	static struct iovec many[IOV_MAX + 1];
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct msghdr too_many = {.msg_iov = many, .msg_iovlen = IOV_MAX + 1};
	struct msghdr lost = {.msg_iov = nowhere(), .msg_iovlen = 1};

	pair_put(run, &pair, "hello");
	result(run, "recvmsg", enter(run)->recvmsg(pair.mine, &too_many, 0));
	result(run, "recvmsg", enter(run)->recvmsg(pair.mine, &lost, 0));
	result(run, "recvmsg", enter(run)->recvmsg(-1, &lost, 0));
	took_no_wait(run);
}

static void no_message(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);

	pair_put(run, &pair, "hello");
	result(run, "recvmsg", enter(run)->recvmsg(pair.mine, nowhere(), 0));
	result(run, "recvmsg", enter(run)->recvmsg(pair.mine, NULL, 0));
}

int main(void)
{
	static const struct incoming verb = {
		.take = receive,
		.take_with = receive_with,
		.sockets_only = true,
		.empty_waits = true,
	};
	static const struct scenario scenarios[] = {
		{"descriptor arrives (unix stream)", descriptor_arrives, UNIX_STREAM},
		{"descriptor arrives (unix seqpacket)", descriptor_arrives, UNIX_SEQPACKET},
		{"no room for the descriptor", no_room_for_the_descriptor},
		{"message is cut (udp)", message_is_cut, UDP},
		{"message is cut (unix datagram)", message_is_cut, UNIX_DGRAM},
		{"message is cut (unix seqpacket)", message_is_cut, UNIX_SEQPACKET},
		{"message is not cut (tcp)", message_is_cut, TCP},
		{"sender is named", sender_is_named},
		{"control data", control_data},
		{"parts over two waits", parts_over_two_waits},
		{"bad messages", bad_messages},
		{"no message", no_message},
	};

	incoming_add(&verb);
	incoming_add_limits(&verb);
	incoming_add_flags(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("recvmsg");
}
