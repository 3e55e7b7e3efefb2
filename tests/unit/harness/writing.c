/* writing.c - scenarios that every call which writes to a stream must pass: what arrives,
 * and the stream that it leaves. */
#include "harness/writing.h"
#include "harness/interrupt.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

enum { LARGE = 20000, LARGER = 300000, LINE = 72 };

static const struct writing *verb_of(const struct run *run)
{
	return run->verb;
}

const char *some_text(size_t size)
{
	static char text[LARGER + 1];
	size_t i;

	for (i = 0; i < size; i++)
		text[i] = (char)(i % LINE == LINE - 1 ? '\n' : 'a' + i % 23);
	text[size] = '\0';
	return text;
}

static void give_text(struct run *run, FILE *fp, const char *text)
{
	FILE *before = stdout;
	int error;

	if (verb_of(run)->on_stdout)
		stdout = fp;
	verb_of(run)->give(run, fp, text, strlen(text));
	error = errno;
	stdout = before;
	note_stream(run, fp);
	errno = error;
}

void note_arrived(struct run *run, int theirs)
{
	static char buf[LARGER];
	int flags = fcntl(theirs, F_GETFL);
	size_t n = 0;
	ssize_t r;

	fcntl(theirs, F_SETFL, flags | O_NONBLOCK);
	while ((r = read(theirs, buf + n, sizeof(buf) - n)) > 0)
		n += (size_t)r;
	fcntl(theirs, F_SETFL, flags);
	note_bytes(run, "arrived", buf, (ssize_t)n);
}

void peer_collects(struct peer *peer)
{
	struct collector *all = peer->arg;
	size_t room = 0;
	ssize_t r;

	open_up(peer->fd);
	do {
		if (room - all->n < LARGE)
			all->bytes = realloc(all->bytes, room += LARGER);
		r = read(peer->fd, all->bytes + all->n, LARGE);
		all->n += r > 0 ? (size_t)r : 0;
	} while (r > 0);
}

void note_collected(struct run *run, FILE *fp, struct peer *peer, size_t size)
{
	struct collector *all = peer->arg;

	stream_close(run, fp);
	peer_join(peer);
	check(run, all->n >= size);
	if (all->n >= size)
		note_bytes(run, "the last", all->bytes + all->n - size, (ssize_t)size);
	free(all->bytes);
}

static void full_buffer(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "w", &pair);

	give_text(run, fp, "one\ntwo\n");
	took_no_wait(run);
	note_arrived(run, pair.theirs);
	give_text(run, fp, some_text(5000));
	note_arrived(run, pair.theirs);
	give_text(run, fp, "three");
	stream_close(run, fp);
	note_arrived(run, pair.theirs);
}

static void lines(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "w", &pair);

	check(run, setvbuf(fp, NULL, _IOLBF, 0) == 0);
	give_text(run, fp, "one");
	note_arrived(run, pair.theirs);
	give_text(run, fp, " two\n");
	note_arrived(run, pair.theirs);
	give_text(run, fp, "three\nfour");
	note_arrived(run, pair.theirs);
	give_text(run, fp, some_text(4500));
	note_arrived(run, pair.theirs);
	stream_close(run, fp);
	note_arrived(run, pair.theirs);
}

static void unbuffered(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "w", &pair);

	check(run, setvbuf(fp, NULL, _IONBF, 0) == 0);
	give_text(run, fp, "one");
	note_arrived(run, pair.theirs);
	give_text(run, fp, some_text(100));
	note_arrived(run, pair.theirs);
	stream_close(run, fp);
}

static void small_buffer(struct run *run)
{
	struct pair pair;
	char buffer[10];
	FILE *fp = stream_open(run, 0, "w", &pair);

	check(run, setvbuf(fp, buffer, _IOFBF, sizeof(buffer)) == 0);
	give_text(run, fp, "0123456");
	give_text(run, fp, "789abcdefghijklmnopq");
	give_text(run, fp, "r");
	note_arrived(run, pair.theirs);
	stream_close(run, fp);
	note_arrived(run, pair.theirs);
}

static void waits_for_room_in(struct run *run, int how)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	FILE *fp = stream_over(run, pair.mine, "w");
	struct collector all = {NULL, 0};
	struct peer peer = {.act = peer_collects, .fd = pair.theirs, .arg = &all};

	check(run, setvbuf(fp, NULL, how, 0) == 0);
	narrow(run, &pair);
	fill_up(run, &pair);
	peer_start(run, &peer);
	give_text(run, fp, some_text(LARGE));
	note_flags(run, "mine", fileno(fp));
	note_collected(run, fp, &peer, LARGE);
}

static void waits_for_room(struct run *run)
{
	waits_for_room_in(run, _IOFBF);
}

static void lines_wait_for_room(struct run *run)
{
	waits_for_room_in(run, _IOLBF);
}

static void waits_for_room_unbuffered(struct run *run)
{
	waits_for_room_in(run, _IONBF);
}

static void much_more_than_fits(struct run *run)
{
	struct pair pair = pair_open_foreign(run, 0, FROM_ME);
	FILE *fp = stream_over(run, pair.mine, "w");
	struct collector all = {NULL, 0};
	struct peer peer = {.act = peer_collects, .fd = pair.theirs, .arg = &all};

	narrow(run, &pair);
	peer_start(run, &peer);
	give_text(run, fp, some_text(LARGER));
	note_collected(run, fp, &peer, LARGER);
}

static void nobody_reads(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "w", &pair);

	catch_signal(run, SIGPIPE, 0);
	let_go(run, pair.theirs);
	close(pair.theirs);
	give_text(run, fp, "lost");
	give_text(run, fp, some_text(LARGE));
	give_text(run, fp, "more");
	stream_close(run, fp);
	note_caught(run, SIGPIPE);
}

static void reader_leaves(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	FILE *fp = stream_over(run, pair.mine, "w");
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};

	catch_signal(run, SIGPIPE, 0);
	narrow(run, &pair);
	fill_up(run, &pair);
	peer_start(run, &peer);
	give_text(run, fp, some_text(LARGE));
	peer_join(&peer);
	note(run, "caught %d", caught(SIGPIPE) > 0);
	signal(SIGPIPE, SIG_IGN);
	stream_close(run, fp);
}

static FILE *full_stream(struct run *run, struct pair *pair)
{
	*pair = pair_open(run, 0, FROM_ME);
	narrow(run, pair);
	fill_up(run, pair);
	return stream_over(run, pair->mine, "w");
}

static void timeout(struct run *run)
{
	struct pair pair;
	FILE *fp = full_stream(run, &pair);
	const struct timeval span = {0, 30000};

	check(run, run->calls->setsockopt(fileno(fp), SOL_SOCKET, SO_SNDTIMEO, &span,
			   sizeof(span)) == 0);
	give_text(run, fp, "lost");
	give_text(run, fp, some_text(LARGE));
	give_text(run, fp, "more");
	stream_close(run, fp);
}

static void nonblocking(struct run *run)
{
	struct pair pair;
	FILE *fp = full_stream(run, &pair);

	check(run, run->calls->fcntl(fileno(fp), F_SETFL, O_NONBLOCK) == 0);
	give_text(run, fp, "lost");
	give_text(run, fp, some_text(LARGE));
	took_no_wait(run);
	give_text(run, fp, "more");
	stream_close(run, fp);
}

static void interrupted(struct run *run)
{
	struct pair pair;
	FILE *fp = full_stream(run, &pair);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	setvbuf(fp, NULL, _IONBF, 0);
	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	give_text(run, fp, "stopped");
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	stream_close(run, fp);
}

static void only_for_reading(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, UNIX_STREAM, "r", &pair);

	give_text(run, fp, "one\n");
	took_no_wait(run);
	stream_close(run, fp);
}

static void descriptor_is_closed(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, UNIX_STREAM, "w", &pair);

	check(run, run->calls->close(fileno(fp)) == 0);
	give_text(run, fp, "one\n");
	give_text(run, fp, some_text(LARGE));
	result(run, "fclose", enter(run)->fclose(fp));
}

static void after_reading(struct run *run, const char *there)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	FILE *fp = stream_over(run, pair.mine, "r+");
	char buf[3];

	pair_put(run, &pair, there);
	check(run, run->calls->fgets(buf, sizeof(buf), fp) == buf);
	give_text(run, fp, "one\n");
	result(run, "fflush", enter(run)->fflush(fp));
	note_stream(run, fp);
	give_text(run, fp, some_text(LARGE));
	note_arrived(run, pair.theirs);
	stream_close(run, fp);
}

static void after_reading_all(struct run *run)
{
	after_reading(run, "a\n");
}

static void after_reading_a_part(struct run *run)
{
	after_reading(run, "a\nb\n");
}

static void wide(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, UNIX_STREAM, "w", &pair);

	check(run, fwide(fp, 1) > 0);
	give_text(run, fp, "one\n");
	stream_close(run, fp);
	note_arrived(run, pair.theirs);
}

static void on_disk(struct run *run)
{
	FILE *fp = stream_on_disk(run, "r+", "0123456789", 10);
	static char buf[LARGE];

	give_text(run, fp, "abc");
	note(run, "at %ld", ftell(fp));
	give_text(run, fp, some_text(LARGE));
	note(run, "at %ld", ftell(fp));
	give_text(run, fp, "end");
	check(run, fflush(fp) == 0);
	note_bytes(run, "content", buf, pread(fileno(fp), buf, sizeof(buf), 0));
	check(run, fclose(fp) == 0);
}

static void in_memory(struct run *run)
{
	char *bytes = NULL;
	size_t n = 0;
	FILE *fp = open_memstream(&bytes, &n);

	give_text(run, fp, "one\n");
	give_text(run, fp, some_text(LARGE));
	check(run, fclose(fp) == 0);
	note_bytes(run, "content", bytes, (ssize_t)n);
	free(bytes);
}

static ssize_t take_cookie(void *cookie, const char *buf, size_t size)
{
	size_t *total = cookie;

	(void)buf;
	*total += size;
	return *total < 10000 ? (ssize_t)size : 0;
}

static void of_cookies(struct run *run)
{
	size_t total = 0;
	FILE *fp =
		fopencookie(&total, "w", (cookie_io_functions_t){.write = take_cookie});

	give_text(run, fp, "one\n");
	give_text(run, fp, some_text(LARGE));
	fclose(fp);
	note(run, "total %zu", total);
}

#define ON_SOCKETS(text, body)                           \
	{text " (tcp)", body, TCP},                      \
	{                                                \
		text " (unix stream)", body, UNIX_STREAM \
	}
#define ON_LOCAL(text, body)                                                      \
	{text " (unix stream)", body, UNIX_STREAM}, {text " (pipe)", body, PIPE}, \
	{                                                                         \
		text " (fifo)", body, FIFO                                        \
	}

static const struct scenario scenarios[] = {
	ON_LOCAL("full buffer", full_buffer),
	ON_LOCAL("lines", lines),
	ON_LOCAL("unbuffered", unbuffered),
	ON_LOCAL("small buffer", small_buffer),
	ON_LOCAL("waits for room", waits_for_room),
	{"waits for room (tcp)", waits_for_room, TCP},
	{"lines wait for room (pipe)", lines_wait_for_room, PIPE},
	{"lines wait for room (tcp)", lines_wait_for_room, TCP},
	{"waits for room, unbuffered (pipe)", waits_for_room_unbuffered, PIPE},
	ON_SOCKETS("much more than fits", much_more_than_fits),
	{"much more than fits (pipe)", much_more_than_fits, PIPE},
	{"nobody reads (unix stream)", nobody_reads, UNIX_STREAM},
	{"nobody reads (pipe)", nobody_reads, PIPE},
	{"reader leaves (unix stream)", reader_leaves, UNIX_STREAM},
	{"reader leaves (pipe)", reader_leaves, PIPE},
	ON_SOCKETS("timeout", timeout),
	ON_LOCAL("non-blocking by the user", nonblocking),
	{"interrupted (unix stream)", interrupted, UNIX_STREAM, PLAIN | ROOT},
	{"interrupted (pipe)", interrupted, PIPE, PLAIN | ROOT},
	{"stream is only for reading", only_for_reading},
	{"descriptor is closed", descriptor_is_closed},
	ON_SOCKETS("after reading all", after_reading_all),
	ON_SOCKETS("after reading a part", after_reading_a_part),
	{"wide", wide},
	{"on disk", on_disk},
	{"in memory", in_memory},
	{"of cookies", of_cookies},
};

void writing_add(const struct writing *verb)
{
	suite_add(scenarios, COUNT(scenarios), verb);
}
