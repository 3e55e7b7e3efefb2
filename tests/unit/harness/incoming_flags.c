/* incoming_flags.c - what the MSG_ flags of recv(2) and its kin ask for. */
#include "harness/incoming.h"
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static ssize_t take_with(struct run *run, int fd, size_t size, int flags)
{
	const struct incoming *verb = run->verb;
	char buf[64];
	ssize_t n;

	memset(buf, '#', sizeof(buf));
	n = verb->take_with(run, fd, buf, size, flags);
	note_bytes(run, "buffer", buf, 12);
	return n;
}

static void take_with_when_written(
	struct run *run, const struct pair *pair, int flags, const char *text)
{
	struct peer peer = {
		.act = peer_writes, .fd = pair->theirs, .data = text, .size = strlen(text)};

	peer_start(run, &peer);
	take_with(run, pair->mine, 10, flags);
	peer_join(&peer);
}

static void dont_wait(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	take_with(run, pair.mine, 10, MSG_DONTWAIT);
	took_no_wait(run);
	pair_put(run, &pair, "hello");
	take_with(run, pair.mine, 10, MSG_DONTWAIT);
	take_with(run, pair.mine, 10, MSG_DONTWAIT);
	took_no_wait(run);
	take_with_when_written(run, &pair, 0, "waits");
}

static void peek(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	take_with_when_written(run, &pair, MSG_PEEK, "hello");
	take_with(run, pair.mine, 3, MSG_PEEK);
	take_with(run, pair.mine, 10, MSG_PEEK);
	take_with(run, pair.mine, 10, 0);
	take_with(run, pair.mine, 10, MSG_DONTWAIT);
}

static void peer_writes_in_pieces(struct peer *peer)
{
	size_t i;

	for (i = 0; i < peer->size; i++) {
		if (i > 0)
			peer_await(peer);
		if (write(peer->fd, (const char *)peer->data + i, 1) != 1)
			trace_failure(peer->run->trace, "peer: write failed");
	}
}

static void wait_for_all(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_writes_in_pieces, .fd = pair.theirs,
		.data = "abcdefghij", .size = 10};

	peer_start(run, &peer);
	take_with(run, pair.mine, 10, MSG_WAITALL);
	peer_join(&peer);
}

static void wait_for_all_that_is_there(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	pair_put(run, &pair, "abcdefghijkl");
	take_with(run, pair.mine, 10, MSG_WAITALL);
	took_no_wait(run);
}

static void peer_writes_then_closes(struct peer *peer)
{
	peer_writes(peer);
	peer_await(peer);
	peer_closes(peer);
}

static void end_before_all(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_writes_then_closes, .fd = pair.theirs,
		.data = "abc", .size = 3};

	peer_start(run, &peer);
	take_with(run, pair.mine, 10, MSG_WAITALL);
	peer_join(&peer);
	take_with(run, pair.mine, 10, MSG_WAITALL);
}

static void peer_writes_then_resets(struct peer *peer)
{
	peer_writes(peer);
	peer_await(peer);
	peer_resets(peer);
}

static void reset_before_all(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct peer peer = {.act = peer_writes_then_resets, .fd = pair.theirs,
		.data = "abc", .size = 3};

	peer_start(run, &peer);
	take_with(run, pair.mine, 10, MSG_WAITALL);
	peer_join(&peer);
	take_with(run, pair.mine, 10, MSG_WAITALL);
	take_with(run, pair.mine, 10, MSG_WAITALL);
}

static void timeout_before_all(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	const struct timeval timeout = {0, 30000};

	check(run, run->calls->setsockopt(pair.mine, SOL_SOCKET, SO_RCVTIMEO, &timeout,
			   sizeof(timeout)) == 0);
	pair_put(run, &pair, "abc");
	take_with(run, pair.mine, 10, MSG_WAITALL);
	took(run, 30);
	take_with(run, pair.mine, 10, MSG_WAITALL);
	took(run, 30);
}

static void peer_writes_then_signals(struct peer *peer)
{
	peer_writes(peer);
	peer_await(peer);
	tgkill(getpid(), peer->run->home, SIGUSR1);
}

static void interrupted_before_all(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_writes_then_signals, .fd = pair.theirs,
		.data = "abc", .size = 3};

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	take_with(run, pair.mine, 10, MSG_WAITALL);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void all_without_waiting(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	pair_put(run, &pair, "abc");
	take_with(run, pair.mine, 10, MSG_WAITALL | MSG_DONTWAIT);
	take_with(run, pair.mine, 10, MSG_WAITALL | MSG_DONTWAIT);
	took_no_wait(run);
}

static void all_of_a_nonblocking_socket(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	check(run, run->calls->fcntl(pair.mine, F_SETFL, O_NONBLOCK) == 0);
	take_with(run, pair.mine, 10, MSG_WAITALL);
	pair_put(run, &pair, "abc");
	take_with(run, pair.mine, 10, MSG_WAITALL);
	took_no_wait(run);
}

static void peek_for_all(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct peer peer = {.act = peer_writes_in_pieces, .fd = pair.theirs,
		.data = "abcdefghij", .size = 10};

	peer_start(run, &peer);
	take_with(run, pair.mine, 10, MSG_WAITALL | MSG_PEEK);
	peer_join(&peer);
	take_with(run, pair.mine, 10, MSG_WAITALL);
}

static void all_of_a_message(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	take_with_when_written(run, &pair, MSG_WAITALL, "abc");
}

static void true_length(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	take_with_when_written(run, &pair, MSG_TRUNC, "longer than the buffer");
	take_with_when_written(run, &pair, MSG_PEEK | MSG_TRUNC, "longer than the buffer");
	take_with(run, pair.mine, 10, 0);
}

/* tcp(7): the bytes are thrown away. */
static void thrown_away(struct run *run)
{
	const struct incoming *verb = run->verb;
	struct pair pair = pair_open(run, TCP, TO_ME);

	pair_put(run, &pair, "0123456789");
	verb->take_with(run, pair.mine, nowhere(), 4, MSG_TRUNC);
	take_with(run, pair.mine, 10, 0);
}

static void peer_sends_urgent(struct peer *peer)
{
	if (send(peer->fd, "!", 1, MSG_OOB) != 1)
		trace_failure(peer->run->trace, "peer: urgent byte not sent");
}

/* Urgent data does not wait for itself, and does not end a wait for other data. */
static void urgent_byte(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct peer peer = {.act = peer_sends_urgent, .fd = pair.theirs, .at_once = true};

	take_with(run, pair.mine, 1, MSG_OOB);
	took_no_wait(run);
	pair_put(run, &pair, "ab");
	peer_start(run, &peer);
	peer_join(&peer);
	take_with(run, pair.mine, 1, MSG_OOB);
	take_with(run, pair.mine, 10, 0);
	take_with_when_written(run, &pair, 0, "cd");
}

static void peer_sends_urgent_then_writes(struct peer *peer)
{
	peer_sends_urgent(peer);
	peer_await(peer);
	peer_writes(peer);
}

static void urgent_byte_while_waiting(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct peer peer = {.act = peer_sends_urgent_then_writes, .fd = pair.theirs,
		.data = "data", .size = 4};

	peer_start(run, &peer);
	take_with(run, pair.mine, 10, 0);
	peer_join(&peer);
	take_with(run, pair.mine, 1, MSG_OOB);
}

/* The queue of errors never waits. */
static void error_queue(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	take_with(run, pair.mine, 10, MSG_ERRQUEUE);
	took_no_wait(run);
}

static void not_a_socket(struct run *run)
{
	struct pair pipe = pair_open(run, PIPE, TO_ME);

	take_with(run, pipe.mine, 10, 0);
	take_with(run, pipe.mine, 10, MSG_DONTWAIT);
	take_with(run, keep_foreign(run, open("/dev/null", O_RDONLY)), 10, 0);
	took_no_wait(run);
}

#define ALL(kind) \
	{"wait for all (" #kind ")", wait_for_all, kind}, \
	{"wait for all that is there (" #kind ")", wait_for_all_that_is_there, kind}, \
	{"end before all (" #kind ")", end_before_all, kind}, \
	{"timeout before all (" #kind ")", timeout_before_all, kind}, \
	{"interrupted before all (" #kind ")", interrupted_before_all, kind, PLAIN | ROOT}, \
	{"all without waiting (" #kind ")", all_without_waiting, kind}, \
	{"all of a non-blocking socket (" #kind ")", all_of_a_nonblocking_socket, kind}

static const struct scenario scenarios[] = {
	{"don't wait (tcp)", dont_wait, TCP},
	{"don't wait (unix stream)", dont_wait, UNIX_STREAM},
	{"don't wait (udp)", dont_wait, UDP},
	{"peek (tcp)", peek, TCP},
	{"peek (unix stream)", peek, UNIX_STREAM},
	{"peek (udp)", peek, UDP},
	ALL(TCP),
	ALL(UNIX_STREAM),
	{"reset before all", reset_before_all, TCP},
	{"peek for all", peek_for_all, TCP},
	{"all of a message (udp)", all_of_a_message, UDP},
	{"all of a message (unix seqpacket)", all_of_a_message, UNIX_SEQPACKET},
	{"true length (udp)", true_length, UDP},
	{"true length (unix datagram)", true_length, UNIX_DGRAM},
	{"true length (unix seqpacket)", true_length, UNIX_SEQPACKET},
	{"thrown away", thrown_away},
	{"urgent byte", urgent_byte},
	{"urgent byte while waiting", urgent_byte_while_waiting},
	{"error queue (tcp)", error_queue, TCP},
	{"error queue (udp)", error_queue, UDP},
	{"not a socket", not_a_socket},
};

void incoming_add_flags(const struct incoming *verb)
{
	suite_add(scenarios, COUNT(scenarios), verb);
}
