/* recvmmsg.c - recvmmsg(2) through libc and through its mirror. */
#include "harness/incoming.h"
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 5, ROOM = 8 };

struct several {
	struct mmsghdr messages[MOST];
	struct iovec parts[MOST];
	char bytes[MOST][ROOM];
};

static void prepare(struct several *s)
{
	int i;

	memset(s, 0, sizeof(*s));
	for (i = 0; i < MOST; i++) {
		s->parts[i] = (struct iovec){s->bytes[i], ROOM};
		s->messages[i].msg_hdr.msg_iov = &s->parts[i];
		s->messages[i].msg_hdr.msg_iovlen = 1;
		s->messages[i].msg_hdr.msg_flags = 0x555;
		s->messages[i].msg_len = 77;
	}
}

static int receive(struct run *run, int fd, unsigned n, int flags, struct timespec *span)
{
	struct several s;
	int got, i;

	prepare(&s);
	got = (int)result(
		run, "recvmmsg", enter(run)->recvmmsg(fd, s.messages, n, flags, span));
	for (i = 0; i < MOST; i++) {
		note(run, "length %u, flags %#x", s.messages[i].msg_len,
			(unsigned)s.messages[i].msg_hdr.msg_flags);
		note_bytes(run, "bytes", s.bytes[i], ROOM);
	}
	return got;
}

static ssize_t take_with(struct run *run, int fd, void *buf, size_t size, int flags)
{
	struct iovec part = {buf, size};
	struct mmsghdr message = {.msg_hdr = {.msg_iov = &part, .msg_iovlen = 1}};
	ssize_t n = result(
		run, "recvmmsg", enter(run)->recvmmsg(fd, &message, 1, flags, NULL));

	return n == 1 ? (ssize_t)message.msg_len : n;
}

static ssize_t take_without(struct run *run, int fd, void *buf, size_t size)
{
	return take_with(run, fd, buf, size, 0);
}

/* --- several messages ------------------------------------------------------------------------------ */

static void several_are_there(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	pair_put(run, &pair, "one");
	pair_put(run, &pair, "two");
	pair_put(run, &pair, "three");
	receive(run, pair.mine, 2, 0, NULL);
	took_no_wait(run);
	receive(run, pair.mine, MOST, MSG_WAITFORONE, NULL);
	receive(run, pair.mine, MOST, MSG_DONTWAIT, NULL);
}

/* One after the other, each when the call waits for it. */
static void peer_writes_each(struct peer *peer)
{
	const char *data = peer->data;
	size_t i;

	for (i = 0; i < peer->size; i++) {
		if (i > 0)
			peer_await(peer);
		check(peer->run, write(peer->fd, data + i, 1) == 1);
	}
}

static void waits_for_all(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes_each, .fd = pair.theirs, .data = "abc", .size = 3};

	errno = EDOM;
	peer_start(run, &peer);
	receive(run, pair.mine, 3, 0, NULL);
	peer_join(&peer);
}

static void waits_for_one(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes_each, .fd = pair.theirs, .data = "a", .size = 1};

	peer_start(run, &peer);
	receive(run, pair.mine, 3, MSG_WAITFORONE, NULL);
	peer_join(&peer);
}

static void end_of_a_stream(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_shuts_down, .fd = pair.theirs};

	pair_put(run, &pair, "one");
	peer_start(run, &peer);
	receive(run, pair.mine, 3, 0, NULL);
	peer_join(&peer);
}

static void all_bytes_of_each(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_writes_each,
		.fd = pair.theirs,
		.data = "0123456789abcdef",
		.size = 2 * ROOM};

	peer_start(run, &peer);
	receive(run, pair.mine, 2, MSG_WAITALL, NULL);
	peer_join(&peer);
}

/* --- times ----------------------------------------------------------------------------------------- */

static void note_left(struct run *run, const struct timespec *left)
{
	note(run, "left %ld %ld", (long)left->tv_sec, left->tv_nsec);
}

static void no_time(struct run *run)
{
	struct pair pair = pair_open(run, UDP, TO_ME);
	struct timespec left = {0, 0};

	pair_put(run, &pair, "one");
	pair_put(run, &pair, "two");
	receive(run, pair.mine, MOST, 0, &left);
	took_no_wait(run);
	note_left(run, &left);
}

static void enough_time(struct run *run)
{
	struct pair pair = pair_open(run, UDP, TO_ME);
	struct peer peer = {
		.act = peer_writes_each, .fd = pair.theirs, .data = "ab", .size = 2};
	struct timespec left = {60, 0};

	peer_start(run, &peer);
	receive(run, pair.mine, 2, 0, &left);
	peer_join(&peer);
	check(run, left.tv_sec >= 30 && left.tv_sec < 60);
}

/* It is looked at when a message has come, not before. */
static void too_little_time(struct run *run)
{
	struct pair pair = pair_open(run, UDP, TO_ME);
	struct peer peer = {
		.act = peer_writes_each, .fd = pair.theirs, .data = "a", .size = 1};
	struct timespec left = {0, 1};

	peer_start(run, &peer);
	receive(run, pair.mine, 2, 0, &left);
	peer_join(&peer);
	note_left(run, &left);
}

static void odd_times(struct run *run)
{
	struct timespec spans[] = {{0, 1000000000}, {0, -1}, {-1, 0}};
	struct pair pair = pair_open(run, UDP, TO_ME);
	size_t i;

	pair_put(run, &pair, "one");
	for (i = 0; i < COUNT(spans); i++)
		receive(run, pair.mine, 1, 0, &spans[i]);
	result(run, "nowhere", enter(run)->recvmmsg(pair.mine, NULL, 1, 0, nowhere()));
	took_no_wait(run);
}

static void time_of_the_socket(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	const struct timeval tv = {0, 20000};

	check(run, run->calls->setsockopt(
			   pair.mine, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) == 0);
	receive(run, pair.mine, 2, 0, NULL);
	took(run, 20);
	pair_put(run, &pair, "one");
	receive(run, pair.mine, 2, 0, NULL);
	took(run, 20);
}

/* --- trouble --------------------------------------------------------------------------------------- */

static void interrupted(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	receive(run, pair.mine, 2, 0, NULL);
	peer_join(&peer);
	pair_put(run, &pair, "one");
	peer_start(run, &peer);
	receive(run, pair.mine, 2, 0, NULL);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void bad_messages(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct several s;

	result(run, "no message", enter(run)->recvmmsg(pair.mine, NULL, 0, 0, NULL));
	result(run, "not open", enter(run)->recvmmsg(900, NULL, 1, 0, NULL));
	result(run, "not open", enter(run)->recvmmsg(900, NULL, 0, 0, NULL));
	pair_put(run, &pair, "one");
	pair_put(run, &pair, "two");
	result(run, "nowhere", enter(run)->recvmmsg(pair.mine, nowhere(), 1, 0, NULL));
	prepare(&s);
	s.parts[1].iov_base = nowhere();
	result(run, "bad second",
		enter(run)->recvmmsg(pair.mine, s.messages, 2, MSG_WAITFORONE, NULL));
}

int main(void)
{
	static const struct incoming verb = {.take = take_without,
		.take_with = take_with,
		.sockets_only = true,
		.empty_waits = true};
	static const struct scenario scenarios[] = {
		{"several are there", several_are_there, UDP},
		{"several are there (unix)", several_are_there, UNIX_DGRAM},
		{"waits for all (udp)", waits_for_all, UDP},
		{"waits for all (tcp)", waits_for_all, TCP},
		{"waits for all (seqpacket)", waits_for_all, UNIX_SEQPACKET},
		{"waits for one (udp)", waits_for_one, UDP},
		{"waits for one (tcp)", waits_for_one, TCP},
		{"end of a stream (tcp)", end_of_a_stream, TCP},
		{"end of a stream (unix)", end_of_a_stream, UNIX_STREAM},
		{"all bytes of each (tcp)", all_bytes_of_each, TCP},
		{"all bytes of each (unix)", all_bytes_of_each, UNIX_STREAM},
		{"no time", no_time},
		{"enough time", enough_time},
		{"too little time", too_little_time},
		{"odd times", odd_times},
		{"time of the socket (udp)", time_of_the_socket, UDP},
		{"time of the socket (tcp)", time_of_the_socket, TCP},
		{"interrupted", interrupted, UDP, PLAIN | ROOT},
		{"bad messages (udp)", bad_messages, UDP},
		{"bad messages (unix)", bad_messages, UNIX_DGRAM},
	};

	incoming_add(&verb);
	incoming_add_limits(&verb);
	incoming_add_flags(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("recvmmsg");
}
