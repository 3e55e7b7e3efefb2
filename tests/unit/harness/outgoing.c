/* outgoing.c - scenarios that every call which gives bytes away must pass, on every kind
 * of descriptor.
 *
 * The bytes are a pattern, so that the peer sees a lost, doubled or displaced one. The
 * limits in time and by signals are in outgoing_limits.c, descriptors that are no
 * conversation in outgoing_files.c. */
#include "harness/outgoing.h"
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct outgoing *verb_of(const struct run *run)
{
	return run->verb;
}

static const void *pattern(void)
{
	static char bytes[MORE_THAN_FITS];

	if (!bytes[1])
		pattern_fill(bytes, sizeof(bytes));
	return bytes;
}

ssize_t give(struct run *run, int fd, size_t size)
{
	return verb_of(run)->give(run, fd, pattern(), size);
}

void give_when_drained(struct run *run, const struct pair *pair, size_t size)
{
	struct peer peer = {.act = peer_drains, .fd = pair->theirs, .size = size};

	peer_start(run, &peer);
	give(run, pair->mine, size);
	peer_join(&peer);
	note(run, "peer got %zd", peer.count);
}

void give_roughly(struct run *run, int fd, size_t size, int flags)
{
	struct trace *trace = run->trace, *muted = trace_new();
	ssize_t n;
	int error;

	run->trace = muted;
	n = flags ? verb_of(run)->give_with(run, fd, pattern(), size, flags)
		  : give(run, fd, size);
	error = errno;
	run->trace = trace;
	trace_free(muted);
	if (n == -1)
		note(run, "gave nothing: %s", error_name(error));
	else
		note(run, "gave %s", n == 0 ? "0" : (size_t)n < size ? "a part" : "all");
}

static void room_is_there(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {
		.act = peer_drains, .fd = pair.theirs, .size = 100, .at_once = true};

	give(run, pair.mine, 100);
	took_no_wait(run);
	peer_start(run, &peer);
	peer_join(&peer);
	note(run, "peer got %zd", peer.count);
}

static void waits_until_all_is_given(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);

	narrow(run, &pair);
	give_when_drained(run, &pair, MORE_THAN_FITS);
	note_flags(run, "mine", pair.mine);
	give_when_drained(run, &pair, MORE_THAN_FITS);
}

static void foreign_descriptor(struct run *run)
{
	struct pair pair = pair_open_foreign(run, 0, FROM_ME);

	narrow(run, &pair);
	give_when_drained(run, &pair, MORE_THAN_FITS);
	note_flags(run, "mine", pair.mine);
}

static void foreign_copy(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME), copy = pair;

	narrow(run, &pair);
	give_when_drained(run, &pair, MORE_THAN_FITS);
	copy.mine = keep_foreign(run, dup(pair.mine));
	give_when_drained(run, &copy, MORE_THAN_FITS);
}

/* A queue of messages is full: each waits until one was taken. */
static void peer_takes_messages(struct peer *peer)
{
	char buf[4096];
	size_t i;

	for (i = 0; i < peer->size; i++) {
		ssize_t n = recv(peer->fd, buf, sizeof(buf), 0);

		peer->count += n > 0;
	}
}

static int queue_full_of_messages(struct run *run, const struct pair *pair)
{
	int n = 0;

	narrow(run, pair);
	while (send(pair->mine, pattern(), 1000, MSG_DONTWAIT) == 1000)
		n++;
	check(run, n > 0);
	return n;
}

static void full_queue_of_messages(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {.act = peer_takes_messages, .fd = pair.theirs};

	peer.size = (size_t)queue_full_of_messages(run, &pair) + 1;
	peer_start(run, &peer);
	give(run, pair.mine, 1000);
	peer_join(&peer);
	check(run, peer.count == (ssize_t)peer.size);
}

static void message_too_long(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);

	give(run, pair.mine, MORE_THAN_FITS);
	took_no_wait(run);
	give(run, pair.mine, 100);
}

static void nobody_reads(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);

	catch_signal(run, SIGPIPE, 0);
	let_go(run, pair.theirs);
	close(pair.theirs);
	give(run, pair.mine, 100);
	if (run->kind == TCP) /* the first one only finds out */
		give(run, pair.mine, 100);
	if (run->kind != PTY) /* where there is no way to try a write */
		took_no_wait(run);
	note_caught(run, SIGPIPE);
}

static void nobody_reads_and_signal_is_ignored(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);

	check(run, run->calls->signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	let_go(run, pair.theirs);
	close(pair.theirs);
	give(run, pair.mine, 100);
	if (run->kind == TCP)
		give(run, pair.mine, 100);
	check(run, run->calls->signal(SIGPIPE, SIG_DFL) != SIG_ERR);
}

static void reader_leaves_while_waiting(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};

	catch_signal(run, SIGPIPE, 0);
	narrow(run, &pair);
	fill_up(run, &pair);
	peer_start(run, &peer);
	give(run, pair.mine, 100);
	peer_join(&peer);
	note_caught(run, SIGPIPE);
}

static void reader_leaves_half_way(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};

	catch_signal(run, SIGPIPE, 0);
	narrow(run, &pair);
	peer_start(run, &peer);
	give_roughly(run, pair.mine, MORE_THAN_FITS, 0);
	peer_join(&peer);
	give(run, pair.mine, 100);
	note_caught(run, SIGPIPE);
}

static void reset_while_waiting(struct run *run)
{
	struct pair pair = pair_open(run, TCP, FROM_ME);
	struct peer peer = {.act = peer_resets, .fd = pair.theirs};

	catch_signal(run, SIGPIPE, 0);
	narrow(run, &pair);
	fill_up(run, &pair);
	peer_start(run, &peer);
	give(run, pair.mine, 100);
	peer_join(&peer);
	give(run, pair.mine, 100);
	note_caught(run, SIGPIPE);
}

static void after_own_shutdown(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);

	catch_signal(run, SIGPIPE, 0);
	check(run, run->calls->shutdown(pair.mine, SHUT_WR) == 0);
	give(run, pair.mine, 100);
	took_no_wait(run);
	note_caught(run, SIGPIPE);
}

static void no_bytes_given(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);

	if (run->kind != TCP && run->kind != UNIX_STREAM) {
		give(run, pair.mine, 0);
		took_no_wait(run);
		return;
	}
	narrow(run, &pair);
	fill_up(run, &pair);
	give(run, pair.mine, 0);
	took_no_wait(run);
}

static void empty_message(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	char buf[8];

	give(run, pair.mine, 0);
	note(run, "peer got %zd", recv(pair.theirs, buf, sizeof(buf), MSG_DONTWAIT));
}

static void bad_memory(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {
		.act = peer_drains, .fd = pair.theirs, .size = 10, .at_once = true};

	verb_of(run)->give(run, pair.mine, nowhere(), 16);
	verb_of(run)->give(run, pair.mine, NULL, 16);
	give(run, pair.mine, 10);
	peer_start(run, &peer);
	peer_join(&peer);
	note(run, "peer got %zd", peer.count);
}

/* The good bytes before the bad address count. */
static void memory_ends_half_way(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, FROM_ME);
	char *edge = nowhere();

	verb_of(run)->give(run, pair.mine, edge - 4, 16);
}

static void absurd_lengths(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);

	verb_of(run)->give(run, pair.mine, nowhere(), SIZE_MAX);
	verb_of(run)->give(run, pair.mine, nowhere(), SSIZE_MAX);
	took_no_wait(run);
}

static void bad_descriptors(struct run *run)
{
	static const int numbers[] = {-1, -2, INT_MIN, 900, 100000, INT_MAX};
	struct pair pair = pair_open(run, UNIX_STREAM, FROM_ME);
	size_t i;

	for (i = 0; i < COUNT(numbers); i++)
		give(run, numbers[i], 16);
	let_go(run, pair.mine);
	check(run, run->calls->close(pair.mine) == 0);
	give(run, pair.mine, 16);
	took_no_wait(run);
}

static void unconnected_sockets(struct run *run)
{
	int tcp = descriptor(run, "socket", enter(run)->socket(AF_INET, SOCK_STREAM, 0));
	int udp = descriptor(run, "socket", enter(run)->socket(AF_INET, SOCK_DGRAM, 0));
	int unix_ = descriptor(run, "socket", enter(run)->socket(AF_UNIX, SOCK_STREAM, 0));

	catch_signal(run, SIGPIPE, 0);
	give(run, tcp, 16);
	give(run, udp, 16);
	give(run, unix_, 16);
	took_no_wait(run);
	note_caught(run, SIGPIPE);
}

#define ON_STREAMS(text, body) {text " (tcp)", body, TCP}, \
	{text " (unix stream)", body, UNIX_STREAM}
#define ON_MESSAGES(text, body) {text " (udp)", body, UDP}, \
	{text " (unix datagram)", body, UNIX_DGRAM}, \
	{text " (unix seqpacket)", body, UNIX_SEQPACKET}
#define ON_FILES(text, body) {text " (pipe)", body, PIPE}, \
	{text " (fifo)", body, FIFO}, {text " (pty)", body, PTY}

static const struct scenario on_sockets[] = {
	ON_STREAMS("room is there", room_is_there),
	ON_MESSAGES("room is there", room_is_there),
	{"room is there (tcp6)", room_is_there, TCP6},
	ON_STREAMS("waits until all is given", waits_until_all_is_given),
	ON_STREAMS("foreign descriptor", foreign_descriptor),
	ON_STREAMS("foreign copy", foreign_copy),
	{"full queue of messages (unix datagram)", full_queue_of_messages, UNIX_DGRAM},
	{"full queue of messages (unix seqpacket)", full_queue_of_messages, UNIX_SEQPACKET},
	ON_MESSAGES("message too long", message_too_long),
	ON_STREAMS("nobody reads", nobody_reads),
	{"nobody reads (unix seqpacket)", nobody_reads, UNIX_SEQPACKET},
	{"nobody reads (unix datagram)", nobody_reads, UNIX_DGRAM},
	ON_STREAMS("nobody reads, signal ignored", nobody_reads_and_signal_is_ignored),
	{"reader leaves while waiting (unix stream)", reader_leaves_while_waiting,
		UNIX_STREAM},
	{"reader leaves while waiting (tcp)", reader_leaves_while_waiting, TCP},
	ON_STREAMS("reader leaves half way", reader_leaves_half_way),
	{"reset while waiting", reset_while_waiting},
	ON_STREAMS("after own shutdown", after_own_shutdown),
	ON_STREAMS("no bytes given", no_bytes_given),
	ON_MESSAGES("empty message", empty_message),
	ON_STREAMS("bad memory", bad_memory),
	{"bad memory (udp)", bad_memory, UDP},
	{"absurd lengths (unix stream)", absurd_lengths, UNIX_STREAM},
	{"bad descriptors", bad_descriptors},
	{"unconnected sockets", unconnected_sockets},
};

static const struct scenario on_files[] = {
	ON_FILES("room is there", room_is_there),
	ON_FILES("waits until all is given", waits_until_all_is_given),
	ON_FILES("foreign descriptor", foreign_descriptor),
	{"foreign copy (pipe)", foreign_copy, PIPE},
	{"nobody reads (pipe)", nobody_reads, PIPE},
	{"nobody reads (fifo)", nobody_reads, FIFO},
	{"nobody reads (pty)", nobody_reads, PTY},
	{"nobody reads, signal ignored (pipe)", nobody_reads_and_signal_is_ignored, PIPE},
	{"reader leaves while waiting (pipe)", reader_leaves_while_waiting, PIPE},
	{"reader leaves while waiting (fifo)", reader_leaves_while_waiting, FIFO},
	{"reader leaves half way (pipe)", reader_leaves_half_way, PIPE},
	ON_FILES("no bytes given", no_bytes_given),
	ON_FILES("bad memory", bad_memory),
	{"memory ends half way", memory_ends_half_way},
	{"absurd lengths (pipe)", absurd_lengths, PIPE},
};

void outgoing_add(const struct outgoing *verb)
{
	suite_add(on_sockets, COUNT(on_sockets), verb);
	if (!verb->sockets_only)
		suite_add(on_files, COUNT(on_files), verb);
}
