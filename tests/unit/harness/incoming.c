/* incoming.c - scenarios that every call which takes bytes in must pass, on every kind of
 * descriptor.
 *
 * How the call is made comes from the test program (struct incoming), on what from the
 * scenario's kind. The limits in time and by signals are in incoming_limits.c,
 * descriptors that are no conversation in incoming_files.c. */
#include "harness/incoming.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BIG = 1 << 20, ROUNDS = 100 };

static const struct incoming *verb_of(const struct run *run)
{
	return run->verb;
}

ssize_t take(struct run *run, int fd, size_t size)
{
	char buf[256];
	ssize_t n;

	memset(buf, '#', sizeof(buf));
	n = verb_of(run)->take(run, fd, buf, size < sizeof(buf) ? size : sizeof(buf));
	if (n > 0)
		note_bytes(run, "bytes", buf, n);
	check(run, n >= (ssize_t)sizeof(buf) || buf[n > 0 ? n : 0] == '#');
	return n;
}

static void data_is_there(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	pair_put(run, &pair, "hello");
	take(run, pair.mine, 64);
	took_no_wait(run);
}

void take_when_written(struct run *run, const struct pair *pair, const char *text)
{
	struct peer peer = {
		.act = peer_writes, .fd = pair->theirs, .data = text, .size = strlen(text)};

	peer_start(run, &peer);
	take(run, pair->mine, 64);
	peer_join(&peer);
}

static void waits_for_data(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	take_when_written(run, &pair, "hello");
	note_flags(run, "mine", pair.mine);
}

static void waits_again_and_again(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	take_when_written(run, &pair, "one");
	take_when_written(run, &pair, "two");
	pair_put(run, &pair, "three");
	take(run, pair.mine, 64);
	take_when_written(run, &pair, "four");
}

static void waits_on_foreign_descriptor(struct run *run)
{
	struct pair pair = pair_open_foreign(run, 0, TO_ME);

	take_when_written(run, &pair, "hello");
	note_flags(run, "mine", pair.mine);
	take_when_written(run, &pair, "again");
}

static void waits_on_foreign_copy(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME), copy = pair;

	take_when_written(run, &pair, "original");
	copy.mine = keep_foreign(run, dup(pair.mine));
	take_when_written(run, &copy, "copy");
	take_when_written(run, &pair, "original again");
}

static void end_while_waiting(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};

	peer_start(run, &peer);
	take(run, pair.mine, 64);
	peer_join(&peer);
	take(run, pair.mine, 64);
}

/* Whether a terminal that hangs up fails a read or ends it is a race within the
 * kernel. */
static void hang_up_while_waiting(struct run *run)
{
	struct trace *trace = run->trace, *muted = trace_new();
	struct pair pair = pair_open(run, PTY, TO_ME);
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};
	ssize_t n;
	int error;

	peer_start(run, &peer);
	run->trace = muted;
	n = take(run, pair.mine, 64);
	error = errno;
	run->trace = trace;
	trace_free(muted);
	peer_join(&peer);
	check(run, n == 0 || (n == -1 && error == EIO));
}

static void end_after_data(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	pair_put(run, &pair, "last words");
	let_go(run, pair.theirs);
	close(pair.theirs);
	take(run, pair.mine, 64);
	take(run, pair.mine, 64);
	take(run, pair.mine, 64);
	took_no_wait(run);
}

/* The short read says that nothing is left; the end comes after it. */
static void end_after_short_read(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};

	pair_put(run, &pair, "abc");
	take(run, pair.mine, 64);
	peer_start(run, &peer);
	take(run, pair.mine, 64);
	peer_join(&peer);
}

static void half_close_while_waiting(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_shuts_down, .fd = pair.theirs};

	peer_start(run, &peer);
	take(run, pair.mine, 64);
	peer_join(&peer);
	check(run, run->calls->write(pair.mine, "still", 5) == 5);
}

static void reset_while_waiting(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_resets, .fd = pair.theirs};

	peer_start(run, &peer);
	take(run, pair.mine, 64);
	peer_join(&peer);
	take(run, pair.mine, 64);
}

static void reset_after_data(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_resets, .fd = pair.theirs, .at_once = true};

	pair_put(run, &pair, "lost?");
	peer_start(run, &peer);
	peer_join(&peer);
	take(run, pair.mine, 2);
	take(run, pair.mine, 64);
	take(run, pair.mine, 64);
}

static void short_read_then_wait(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	pair_put(run, &pair, "abc");
	take(run, pair.mine, 64);
	take_when_written(run, &pair, "defg");
}

static void taken_in_pieces(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	pair_put(run, &pair, "0123456789");
	take(run, pair.mine, 4);
	if (run->kind == UDP || run->kind == UNIX_DGRAM || run->kind == UNIX_SEQPACKET)
		pair_put(run, &pair, "next");
	take(run, pair.mine, 4);
	if (run->kind != UDP && run->kind != UNIX_DGRAM && run->kind != UNIX_SEQPACKET)
		take(run, pair.mine, 2);
	take_when_written(run, &pair, "more");
}

static void peer_echoes(struct peer *peer)
{
	char buf[64];
	ssize_t n = 1;
	size_t round;

	for (round = 0; round < peer->size && n > 0; round++) {
		n = read(peer->fd, buf, sizeof(buf));
		if (n > 0)
			n = write(peer->fd, buf, (size_t)n);
	}
}

static void conversation(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_echoes, .fd = pair.theirs, .size = ROUNDS, .at_once = true};
	int round;

	peer_start(run, &peer);
	for (round = 0; round < ROUNDS; round++) {
		char text[32];
		int n = snprintf(text, sizeof(text), "round %d", round);

		check(run, run->calls->write(pair.mine, text, (size_t)n) == n);
		if (take(run, pair.mine, 64) != n)
			break;
	}
	peer_join(&peer);
}

static void peer_sends_pattern(struct peer *peer)
{
	char *data = malloc(peer->size);

	pattern_fill(data, peer->size);
	peer->data = data;
	peer_writes(peer);
	peer_closes(peer);
	free(data);
}

/* In portions of every size, so that calls find more, less and just what they ask for. */
static size_t take_everything(struct run *run, int fd, char *buf, size_t size)
{
	struct trace *trace = run->trace, *muted = trace_new();
	size_t got = 0, portion = 1;
	ssize_t n = 1;

	run->trace = muted;
	while (n > 0 && got < size) {
		portion = portion * 7 % 20011;
		n = verb_of(run)->take(
			run, fd, buf + got, portion < size - got ? portion : size - got);
		got += n > 0 ? (size_t)n : 0;
	}
	run->trace = trace;
	trace_free(muted);
	return got;
}

static void large_stream(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_sends_pattern, .fd = pair.theirs, .size = BIG, .at_once = true};
	char *buf = malloc(BIG), *expected = malloc(BIG);
	size_t got;

	pattern_fill(expected, BIG);
	peer_start(run, &peer);
	got = take_everything(run, pair.mine, buf, BIG);
	peer_join(&peer);
	note(run, "got %zu bytes", got);
	check(run, got == BIG && memcmp(buf, expected, BIG) == 0);
	take(run, pair.mine, 64);
	free(buf);
	free(expected);
}

static void empty_message(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	check(run, send(pair.theirs, "", 0, 0) == 0);
	take(run, pair.mine, 64);
	take_when_written(run, &pair, "not the end");
}

static void no_bytes_wanted(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};

	if (!verb_of(run)->empty_waits) {
		take(run, pair.mine, 0);
		took_no_wait(run);
		pair_put(run, &pair, "hello");
		take(run, pair.mine, 0);
	} else {
		peer_start(run, &peer);
		take(run, pair.mine, 0);
		peer_join(&peer);
	}
	pair_put(run, &pair, "world");
	take(run, pair.mine, 64);
}

static void bad_memory_when_ready(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	pair_put(run, &pair, "hello");
	verb_of(run)->take(run, pair.mine, nowhere(), 16);
	pair_put(run, &pair, "hello again");
	verb_of(run)->take(run, pair.mine, NULL, 16);
	pair_put(run, &pair, "world");
	take(run, pair.mine, 64);
}

static void bad_memory_while_waiting(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};

	peer_start(run, &peer);
	verb_of(run)->take(run, pair.mine, nowhere(), 16);
	peer_join(&peer);
	pair_put(run, &pair, "world");
	take(run, pair.mine, 64);
}

/* The buffer is static: how much may follow an address depends on where it lies. */
static void absurd_lengths(struct run *run)
{
	static const size_t sizes[] = {SIZE_MAX, SSIZE_MAX, INT_MAX, (size_t)INT_MAX + 1};
	static char buf[64];
	struct pair pair = pair_open(run, 0, TO_ME);
	size_t i;

	for (i = 0; i < COUNT(sizes); i++) {
		ssize_t n;

		pair_put(run, &pair, "hello");
		n = verb_of(run)->take(run, pair.mine, buf, sizes[i]);
		note_bytes(run, "bytes", buf, n);
	}
}

static void bad_descriptors(struct run *run)
{
	static const int numbers[] = {-1, -2, INT_MIN, 900, 100000, INT_MAX};
	struct pair pair = pair_open(run, UNIX_STREAM, TO_ME);
	size_t i;

	for (i = 0; i < COUNT(numbers); i++)
		take(run, numbers[i], 16);
	let_go(run, pair.mine);
	check(run, run->calls->close(pair.mine) == 0);
	take(run, pair.mine, 16);
	took_no_wait(run);
}

static void unconnected_sockets(struct run *run)
{
	int tcp = descriptor(run, "socket", enter(run)->socket(AF_INET, SOCK_STREAM, 0));
	int unix_ = descriptor(run, "socket", enter(run)->socket(AF_UNIX, SOCK_STREAM, 0));

	take(run, tcp, 16);
	took_no_wait(run);
	take(run, unix_, 16);
	took_no_wait(run);
}

#define ON_STREAMS(text, body) {text " (tcp)", body, TCP}, \
	{text " (unix stream)", body, UNIX_STREAM}
#define ON_MESSAGES(text, body) {text " (udp)", body, UDP}, \
	{text " (unix datagram)", body, UNIX_DGRAM}, \
	{text " (unix seqpacket)", body, UNIX_SEQPACKET}
#define ON_FILES(text, body) {text " (pipe)", body, PIPE}, \
	{text " (fifo)", body, FIFO}, {text " (pty)", body, PTY}

static const struct scenario on_sockets[] = {
	ON_STREAMS("data is there", data_is_there),
	ON_MESSAGES("data is there", data_is_there),
	ON_STREAMS("waits for data", waits_for_data),
	ON_MESSAGES("waits for data", waits_for_data),
	{"waits for data (tcp6)", waits_for_data, TCP6},
	ON_STREAMS("waits again and again", waits_again_and_again),
	{"waits again and again (udp)", waits_again_and_again, UDP},
	ON_STREAMS("waits on a foreign descriptor", waits_on_foreign_descriptor),
	{"waits on a foreign descriptor (udp)", waits_on_foreign_descriptor, UDP},
	ON_STREAMS("waits on a foreign copy", waits_on_foreign_copy),
	ON_STREAMS("end while waiting", end_while_waiting),
	{"end while waiting (unix seqpacket)", end_while_waiting, UNIX_SEQPACKET},
	ON_STREAMS("end after data", end_after_data),
	ON_STREAMS("end after a short read", end_after_short_read),
	ON_STREAMS("half close while waiting", half_close_while_waiting),
	{"reset while waiting", reset_while_waiting, TCP},
	{"reset after data", reset_after_data, TCP},
	ON_STREAMS("short read, then waits", short_read_then_wait),
	ON_STREAMS("taken in pieces", taken_in_pieces),
	ON_MESSAGES("taken in pieces", taken_in_pieces),
	ON_STREAMS("conversation", conversation),
	{"conversation (udp)", conversation, UDP},
	ON_STREAMS("large stream", large_stream),
	ON_MESSAGES("empty message", empty_message),
	ON_STREAMS("no bytes wanted", no_bytes_wanted),
	{"no bytes wanted (udp)", no_bytes_wanted, UDP},
	ON_STREAMS("bad memory when ready", bad_memory_when_ready),
	{"bad memory when ready (udp)", bad_memory_when_ready, UDP},
	ON_STREAMS("bad memory while waiting", bad_memory_while_waiting),
	{"absurd lengths", absurd_lengths, TCP},
	{"bad descriptors", bad_descriptors},
	{"unconnected sockets", unconnected_sockets},
};

static const struct scenario on_files[] = {
	ON_FILES("data is there", data_is_there),
	ON_FILES("waits for data", waits_for_data),
	ON_FILES("waits again and again", waits_again_and_again),
	ON_FILES("waits on a foreign copy", waits_on_foreign_copy),
	{"waits on a foreign descriptor (pipe)", waits_on_foreign_descriptor, PIPE},
	{"end while waiting (pipe)", end_while_waiting, PIPE},
	{"end while waiting (fifo)", end_while_waiting, FIFO},
	{"hang-up while waiting", hang_up_while_waiting},
	{"end after data (pipe)", end_after_data, PIPE},
	{"end after data (fifo)", end_after_data, FIFO},
	{"end after a short read (pipe)", end_after_short_read, PIPE},
	ON_FILES("short read, then waits", short_read_then_wait),
	ON_FILES("taken in pieces", taken_in_pieces),
	{"conversation (pty)", conversation, PTY},
	{"large stream (pipe)", large_stream, PIPE},
	{"large stream (fifo)", large_stream, FIFO},
	{"no bytes wanted (pipe)", no_bytes_wanted, PIPE},
	ON_FILES("bad memory when ready", bad_memory_when_ready),
	{"bad memory while waiting (pipe)", bad_memory_while_waiting, PIPE},
	{"absurd lengths (pipe)", absurd_lengths, PIPE},
};

void incoming_add(const struct incoming *verb)
{
	suite_add(on_sockets, COUNT(on_sockets), verb);
	if (!verb->sockets_only)
		suite_add(on_files, COUNT(on_files), verb);
}
