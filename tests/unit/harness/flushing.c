/* flushing.c - scenarios that every call which makes a stream write what it holds must
 * pass. */
#include "harness/flushing.h"
#include "harness/interrupt.h"
#include "harness/peer.h"
#include "harness/scenario.h"
#include "harness/writing.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void flush(struct run *run, FILE *fp)
{
	const struct flushing *verb = run->verb;

	verb->flush(run, fp);
	if (!verb->closes)
		note_stream(run, fp);
}

static void close_if_open(struct run *run, FILE *fp)
{
	const struct flushing *verb = run->verb;

	if (!verb->closes)
		stream_close(run, fp);
}

static void put(struct run *run, FILE *fp, const char *text)
{
	check(run, run->calls->fputs(text, fp) >= 0);
}

static void something_is_there(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "w", &pair);

	put(run, fp, "hello\n");
	flush(run, fp);
	note_arrived(run, pair.theirs);
	close_if_open(run, fp);
}

static void nothing_is_there(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "w", &pair);

	flush(run, fp);
	note_arrived(run, pair.theirs);
	close_if_open(run, fp);
}

static void unread_input(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);
	char buf[8];

	pair_put(run, &pair, "one\ntwo\n");
	check(run, run->calls->fgets(buf, sizeof(buf), fp) == buf);
	flush(run, fp);
	close_if_open(run, fp);
}

static FILE *full_stream(struct run *run, struct pair *pair)
{
	FILE *fp;

	*pair = pair_open(run, 0, FROM_ME);
	narrow(run, pair);
	fill_up(run, pair);
	fp = stream_over(run, pair->mine, "w");
	put(run, fp, "hello\n");
	return fp;
}

static void waits_for_room(struct run *run)
{
	const struct flushing *verb = run->verb;
	struct pair pair;
	FILE *fp = full_stream(run, &pair);
	struct collector all = {NULL, 0};
	struct peer peer = {.act = peer_collects, .fd = pair.theirs, .arg = &all};

	peer_start(run, &peer);
	flush(run, fp);
	if (!verb->closes) {
		note_collected(run, fp, &peer, 6);
		return;
	}
	peer_join(&peer);
	note_bytes(run, "the last", all.bytes + all.n - 6, 6);
	free(all.bytes);
}

static void nobody_reads(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "w", &pair);

	catch_signal(run, SIGPIPE, 0);
	put(run, fp, "hello\n");
	let_go(run, pair.theirs);
	close(pair.theirs);
	flush(run, fp);
	note_caught(run, SIGPIPE);
	close_if_open(run, fp);
}

static void timeout(struct run *run)
{
	struct pair pair;
	FILE *fp = full_stream(run, &pair);
	const struct timeval span = {0, 30000};

	check(run, run->calls->setsockopt(fileno(fp), SOL_SOCKET, SO_SNDTIMEO, &span,
			   sizeof(span)) == 0);
	flush(run, fp);
	took(run, 30);
	close_if_open(run, fp);
}

static void nonblocking(struct run *run)
{
	struct pair pair;
	FILE *fp = full_stream(run, &pair);

	check(run, run->calls->fcntl(fileno(fp), F_SETFL, O_NONBLOCK) == 0);
	flush(run, fp);
	took_no_wait(run);
	close_if_open(run, fp);
}

static void interrupted(struct run *run)
{
	struct pair pair;
	FILE *fp = full_stream(run, &pair);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	flush(run, fp);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	close_if_open(run, fp);
}

static void on_disk(struct run *run)
{
	FILE *fp = stream_on_disk(run, "r+", "0123456789", 10);
	int copy = keep_foreign(run, dup(fileno(fp)));
	char buf[16];

	put(run, fp, "abc");
	flush(run, fp);
	note_bytes(run, "content", buf, pread(copy, buf, sizeof(buf), 0));
	note(run, "at %ld", (long)lseek(copy, 0, SEEK_CUR));
	close_if_open(run, fp);
}

static void in_memory(struct run *run)
{
	char *bytes = NULL;
	size_t n = 0;
	FILE *fp = open_memstream(&bytes, &n);

	put(run, fp, "one\n");
	flush(run, fp);
	note_bytes(run, "content", bytes, (ssize_t)n);
	close_if_open(run, fp);
	free(bytes);
}

#define ON_SOCKETS(text, body)                           \
	{text " (tcp)", body, TCP},                      \
	{                                                \
		text " (unix stream)", body, UNIX_STREAM \
	}
#define ON_ALL(text, body)                 \
	ON_SOCKETS(text, body),            \
	{                                  \
		text " (pipe)", body, PIPE \
	}

static const struct scenario scenarios[] = {
	ON_ALL("something is there", something_is_there),
	ON_ALL("nothing is there", nothing_is_there),
	ON_ALL("unread input", unread_input),
	ON_ALL("waits for room", waits_for_room),
	{"nobody reads (unix stream)", nobody_reads, UNIX_STREAM},
	{"nobody reads (pipe)", nobody_reads, PIPE},
	ON_SOCKETS("timeout", timeout),
	ON_ALL("non-blocking by the user", nonblocking),
	{"interrupted (unix stream)", interrupted, UNIX_STREAM, PLAIN | ROOT},
	{"interrupted (pipe)", interrupted, PIPE, PLAIN | ROOT},
	{"on disk", on_disk},
	{"in memory", in_memory},
};

void flushing_add(const struct flushing *verb)
{
	suite_add(scenarios, COUNT(scenarios), verb);
}
