/* reading.c - scenarios that every call which reads from a stream must pass: what it
 * gives, and the stream that it leaves. */
#include "harness/reading.h"
#include "harness/interrupt.h"
#include "harness/mate.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

enum { RECORD_MAX = 20000 };

static const struct reading *verb_of(const struct run *run)
{
	return run->verb;
}

static ssize_t take(struct run *run, FILE *fp, size_t size)
{
	static char buf[RECORD_MAX + 1];
	FILE *before = stdin;
	ssize_t n;
	int error;

	memset(buf, '#', sizeof(buf));
	if (verb_of(run)->on_stdin)
		stdin = fp;
	n = verb_of(run)->take(run, fp, buf, size);
	error = errno;
	stdin = before;
	note_bytes(run, "record", buf, n > 0 ? n : 0);
	note_stream(run, fp);
	errno = error;
	return n;
}

/* Writes DATA; then, when the call waits once more, MORE. */
struct parts {
	const char *first, *second;
};

static void peer_writes_parts(struct peer *peer)
{
	const struct parts *parts = peer->arg;

	peer->data = parts->first;
	peer->size = strlen(parts->first);
	peer_writes(peer);
	peer_await(peer);
	peer->data = parts->second;
	peer->size = strlen(parts->second);
	if (peer->size)
		peer_writes(peer);
	else
		peer_closes(peer);
}

static void take_in_parts(
	struct run *run, FILE *fp, int theirs, struct parts parts, size_t size)
{
	struct peer peer = {.act = peer_writes_parts, .fd = theirs, .arg = &parts};

	peer_start(run, &peer);
	take(run, fp, size);
	peer_join(&peer);
}

static void take_when_written(
	struct run *run, FILE *fp, int theirs, const char *text, size_t size)
{
	struct peer peer = {
		.act = peer_writes, .fd = theirs, .data = text, .size = strlen(text)};

	peer_start(run, &peer);
	take(run, fp, size);
	peer_join(&peer);
}

static void records_are_there(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);

	pair_put(run, &pair, "one\ntwo two\nthree");
	take(run, fp, 4);
	took_no_wait(run);
	take(run, fp, 8);
	took_no_wait(run);
	stream_close(run, fp);
}

static void waits_for_a_record(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);

	take_when_written(run, fp, pair.theirs, "hello\n", 6);
	take_when_written(run, fp, pair.theirs, "again\nand more", 6);
	note_flags(run, "mine", fileno(fp));
	stream_close(run, fp);
}

static void waits_in_the_middle(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);

	take_in_parts(run, fp, pair.theirs, (struct parts){"hel", "lo\nworld\n"}, 6);
	take(run, fp, 6);
	stream_close(run, fp);
}

static void foreign_descriptor(struct run *run)
{
	struct pair pair = pair_open_foreign(run, 0, TO_ME);
	FILE *fp = stream_over(run, pair.mine, "r");

	take_in_parts(run, fp, pair.theirs, (struct parts){"hel", "lo\nworld\n"}, 6);
	take(run, fp, 6);
	stream_close(run, fp);
}

static void end_at_once(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};

	peer_start(run, &peer);
	take(run, fp, 6);
	peer_join(&peer);
	take(run, fp, 6);
	took_no_wait(run);
	stream_close(run, fp);
}

static void end_in_the_middle(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);

	take_in_parts(run, fp, pair.theirs, (struct parts){"hel", ""}, 6);
	take(run, fp, 6);
	clearerr(fp);
	take(run, fp, 6);
	stream_close(run, fp);
}

/* Nobody waits at an end that was seen. */
static void end_stays(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);

	check(run, shutdown(pair.theirs, SHUT_WR) == 0);
	take(run, fp, 2);
	take(run, fp, 2);
	took_no_wait(run);
	stream_close(run, fp);
}

static void set_timeout(struct run *run, FILE *fp, long us)
{
	const struct timeval timeout = {us / 1000000, us % 1000000};

	check(run, run->calls->setsockopt(fileno(fp), SOL_SOCKET, SO_RCVTIMEO, &timeout,
			   sizeof(timeout)) == 0);
}

static void timeout_at_once(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);

	set_timeout(run, fp, 30000);
	take(run, fp, 6);
	took(run, 30);
	pair_put(run, &pair, "hello\n");
	take(run, fp, 6);
	clearerr(fp);
	pair_put(run, &pair, "hello\n");
	take(run, fp, 6);
	stream_close(run, fp);
}

static void timeout_in_the_middle(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);

	set_timeout(run, fp, 30000);
	pair_put(run, &pair, "hel");
	take(run, fp, 6);
	took(run, 30);
	pair_put(run, &pair, "lo\n");
	take(run, fp, 3);
	clearerr(fp);
	pair_put(run, &pair, "hello\n");
	take(run, fp, 6);
	stream_close(run, fp);
}

static void nonblocking(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);

	check(run, run->calls->fcntl(fileno(fp), F_SETFL, O_NONBLOCK) == 0);
	take(run, fp, 6);
	took_no_wait(run);
	clearerr(fp);
	pair_put(run, &pair, "hel");
	take(run, fp, 6);
	took_no_wait(run);
	clearerr(fp);
	pair_put(run, &pair, "lo\n");
	take(run, fp, 3);
	stream_close(run, fp);
}

static void interrupted(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, 0);
	pair_put(run, &pair, "hel");
	peer_start(run, &peer);
	take(run, fp, 6);
	peer_join(&peer);
	clearerr(fp);
	pair_put(run, &pair, "lo\n");
	take(run, fp, 3);
	note_caught(run, SIGUSR1);
	stream_close(run, fp);
}

static void peer_signals_and_writes(struct peer *peer)
{
	peer_signals(peer);
	while (caught(SIGUSR1) == 0)
		sched_yield();
	peer->data = "lo\n";
	peer->size = 3;
	peer_writes(peer);
}

static void interrupted_and_restarted(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);
	struct peer peer = {
		.act = peer_signals_and_writes, .fd = pair.theirs, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, SA_RESTART);
	pair_put(run, &pair, "hel");
	peer_start(run, &peer);
	take(run, fp, 6);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	stream_close(run, fp);
}

static void reset_in_the_middle(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, TCP, "r", &pair);
	struct peer peer = {.act = peer_resets, .fd = pair.theirs};

	pair_put(run, &pair, "hel");
	peer_start(run, &peer);
	take(run, fp, 6);
	peer_join(&peer);
	take(run, fp, 6);
	stream_close(run, fp);
}

static void with_buffer(struct run *run, int how, char *buffer, size_t size)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);

	check(run, setvbuf(fp, buffer, how, size) == 0);
	take_in_parts(run, fp, pair.theirs,
		(struct parts){"0123456", "789abcdefghijklm\nnext\n"}, 24);
	take(run, fp, 5);
	stream_close(run, fp);
}

static void unbuffered(struct run *run)
{
	with_buffer(run, _IONBF, NULL, 0);
}

static void small_buffer(struct run *run)
{
	char buffer[8];

	with_buffer(run, _IOFBF, buffer, sizeof(buffer));
}

static void line_buffered(struct run *run)
{
	with_buffer(run, _IOLBF, NULL, 0);
}

static void large_buffer(struct run *run)
{
	static char buffer[70000];

	with_buffer(run, _IOFBF, buffer, sizeof(buffer));
}

static void peer_sends_much(struct peer *peer)
{
	size_t i;
	char *text = malloc(peer->size);

	for (i = 0; i < peer->size; i++)
		text[i] = (char)(i % 4999 == 4998 ? '\n' : 'a' + i % 23);
	peer->data = text;
	peer_writes(peer);
	peer_closes(peer);
	free(text);
}

/* Records longer than the buffer. */
static void long_records(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);
	struct peer peer = {.act = peer_sends_much,
		.fd = pair.theirs,
		.size = 60000,
		.at_once = true};
	struct trace *trace = run->trace;
	size_t got = 0;
	ssize_t n;

	peer_start(run, &peer);
	do {
		struct trace *muted = trace_new(); /* how much is buffered is chance */

		run->trace = muted;
		n = take(run, fp, 4999);
		run->trace = trace;
		trace_free(muted);
		got += n > 0 ? (size_t)n : 0;
	} while (n == 4999);
	peer_join(&peer);
	note(run, "got %zu, end %d, error %d", got, feof(fp) != 0, ferror(fp) != 0);
	stream_close(run, fp);
}

static void put_back_first(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);

	check(run, run->calls->ungetc('h', fp) == 'h');
	take_in_parts(run, fp, pair.theirs, (struct parts){"el", "lo\nworld\n"}, 6);
	check(run, run->calls->ungetc('!', fp) == '!');
	note_stream(run, fp);
	take(run, fp, 7);
	check(run, run->calls->ungetc('\n', fp) == '\n');
	take(run, fp, 1);
	take_when_written(run, fp, pair.theirs, "again\n", 6);
	stream_close(run, fp);
}

static void only_for_writing(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, UNIX_STREAM, "w", &pair);

	take(run, fp, 6);
	took_no_wait(run);
	stream_close(run, fp);
}

static void descriptor_is_closed(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, UNIX_STREAM, "r", &pair);

	check(run, run->calls->close(fileno(fp)) == 0);
	take(run, fp, 6);
	took_no_wait(run);
	result(run, "fclose", enter(run)->fclose(fp));
}

/* What was written goes out before the wait. */
static void written_before(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	FILE *fp = stream_over(run, pair.mine, "r+");
	char buf[8] = "";

	check(run, fputs("ask\n", fp) == 1);
	take_when_written(run, fp, pair.theirs, "hello\n", 6);
	note_bytes(run, "peer got", buf, recv(pair.theirs, buf, 8, MSG_DONTWAIT));
	stream_close(run, fp);
}

static void prompt_on_stdout(struct run *run)
{
	struct pair pair, out = pair_open(run, PIPE, FROM_ME);
	FILE *fp = stream_open(run, PIPE, "r", &pair), *before = stdout;
	FILE *lines = stream_over(run, out.mine, "w");
	char buf[16];

	setvbuf(fp, NULL, _IOLBF, 0);
	setvbuf(lines, NULL, _IOLBF, 0);
	check(run, fputs("prompt> ", lines) == 1);
	fflush(before);
	stdout = lines;
	take_when_written(run, fp, pair.theirs, "hello\n", 6);
	stdout = before;
	note_bytes(run, "peer got", buf, read(out.theirs, buf, sizeof(buf)));
	stream_close(run, fp);
	stream_close(run, lines);
}

static void wide(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, UNIX_STREAM, "r", &pair);

	check(run, fwide(fp, 1) > 0);
	pair_put(run, &pair, "hello\n");
	take(run, fp, 6);
	took_no_wait(run);
	stream_close(run, fp);
}

/* A child that passes on what the peer writes. */
static void of_popen(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	char command[64];
	FILE *fp;

	check(run, fcntl(pair.theirs, F_SETFD, FD_CLOEXEC) == 0);
	snprintf(command, sizeof(command), "exec cat /proc/self/fd/%d", pair.mine);
	fp = popen(command, "r");
	take_when_written(run, fp, pair.theirs, "hello\n", 6);
	take_in_parts(run, fp, pair.theirs, (struct parts){"wo", "rld\n"}, 6);
	let_go(run, pair.theirs);
	close(pair.theirs);
	take(run, fp, 6);
	note(run, "pclose = %d", pclose(fp));
}

static void on_disk(struct run *run)
{
	static char text[9000];
	FILE *fp;
	size_t i;

	for (i = 0; i < sizeof(text); i++)
		text[i] = (char)(i % 999 == 998 ? '\n' : 'a' + i % 23);
	fp = stream_on_disk(run, "r", text, sizeof(text));
	for (i = 0; i < 5; i++)
		take(run, fp, 999);
	note(run, "at %ld", ftell(fp));
	check(run, fseek(fp, -9, SEEK_END) == 0);
	take(run, fp, 9);
	take(run, fp, 9);
	check(run, fclose(fp) == 0);
}

static void in_memory(struct run *run)
{
	char text[] = "one\ntwo\nlast";
	FILE *fp = fmemopen(text, sizeof(text) - 1, "r");

	take(run, fp, 4);
	take(run, fp, 4);
	take(run, fp, 10);
	take(run, fp, 10);
	check(run, fclose(fp) == 0);
}

static ssize_t give_cookie(void *cookie, char *buf, size_t size)
{
	int *calls = cookie;

	if ((*calls)++ == 2) {
		errno = EIO;
		return -1;
	}
	memcpy(buf, "cookie\n", size < 7 ? size : 7);
	return size < 7 ? (ssize_t)size : 7;
}

static void of_cookies(struct run *run)
{
	int calls = 0;
	FILE *fp = fopencookie(&calls, "r", (cookie_io_functions_t){.read = give_cookie});

	take(run, fp, 7);
	take(run, fp, 7);
	take(run, fp, 7);
	check(run, fclose(fp) == 0);
}

#define ON_SOCKETS(text, body)                           \
	{text " (tcp)", body, TCP},                      \
	{                                                \
		text " (unix stream)", body, UNIX_STREAM \
	}
#define ON_ALL(text, body)                                    \
	ON_SOCKETS(text, body), {text " (pipe)", body, PIPE}, \
		{text " (fifo)", body, FIFO},                 \
	{                                                     \
		text " (pty)", body, PTY                      \
	}

static const struct scenario scenarios[] = {
	ON_ALL("records are there", records_are_there),
	ON_ALL("waits for a record", waits_for_a_record),
	ON_ALL("waits in the middle", waits_in_the_middle),
	ON_SOCKETS("foreign descriptor", foreign_descriptor),
	{"foreign descriptor (pipe)", foreign_descriptor, PIPE},
	ON_SOCKETS("end at once", end_at_once),
	{"end at once (pipe)", end_at_once, PIPE},
	ON_SOCKETS("end in the middle", end_in_the_middle),
	{"end in the middle (fifo)", end_in_the_middle, FIFO},
	ON_SOCKETS("the end stays", end_stays),
	ON_SOCKETS("timeout at once", timeout_at_once),
	ON_SOCKETS("timeout in the middle", timeout_in_the_middle),
	ON_ALL("non-blocking by the user", nonblocking),
	{"interrupted (tcp)", interrupted, TCP, PLAIN | ROOT},
	{"interrupted (pipe)", interrupted, PIPE, PLAIN | ROOT},
	{"interrupted and restarted (tcp)", interrupted_and_restarted, TCP, PLAIN | ROOT},
	{"interrupted and restarted (pipe)", interrupted_and_restarted, PIPE,
		PLAIN | ROOT},
	{"reset in the middle", reset_in_the_middle},
	{"unbuffered (pipe)", unbuffered, PIPE},
	{"unbuffered (tcp)", unbuffered, TCP},
	{"small buffer (pipe)", small_buffer, PIPE},
	{"line-buffered (unix stream)", line_buffered, UNIX_STREAM},
	{"large buffer (tcp)", large_buffer, TCP},
	{"long records (pipe)", long_records, PIPE},
	{"long records (tcp)", long_records, TCP},
	ON_SOCKETS("put back", put_back_first),
	{"put back (pipe)", put_back_first, PIPE},
	{"stream is only for writing", only_for_writing},
	{"descriptor is closed", descriptor_is_closed},
	ON_SOCKETS("written before", written_before),
	{"prompt on stdout", prompt_on_stdout},
	{"wide", wide},
	{"of popen", of_popen},
	{"on disk", on_disk},
	{"in memory", in_memory},
	{"of cookies", of_cookies},
};

void reading_add(const struct reading *verb)
{
	suite_add(scenarios, COUNT(scenarios), verb);
}
