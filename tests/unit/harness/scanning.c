/* scanning.c - scenarios that every call of the scanf family must pass: conversions that
 * end, fail and wait in the middle, and what is left of the input after them. */
#include "harness/scanning.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int scan(struct run *run, FILE *fp, const char *format, void *first, void *second)
{
	const struct scanning *verb = run->verb;
	FILE *before = stdin;
	int r;

	if (verb->reading.on_stdin)
		stdin = fp;
	r = verb->scan(run, fp, format, first, second);
	stdin = before;
	return r;
}

/* The format names the size. */
ssize_t scanning_take(struct run *run, FILE *fp, char *buf, size_t size)
{
	const struct scanning *verb = run->verb;
	char format[32];
	int length = 0, r;

	snprintf(format, sizeof(format), "%%%zu[^\n]%%n", size);
	r = verb->scan(run, fp, format, buf, &length);
	if (r < 0 || (size_t)length == size || feof(fp) || ferror(fp))
		return length;
	r = verb->scan(run, fp, "%c", buf + length, NULL);
	return r == 1 ? length + 1 : length;
}

static void note_rest(struct run *run, FILE *fp)
{
	note_stream(run, fp);
	note(run, "next byte %d", run->calls->getc(fp));
}

static void conversions_on(struct run *run, FILE *fp)
{
	char word[64] = "", *allocated = NULL;
	int number = 0, n = 0;
	double real = 0;

	scan(run, fp, "%d %63s", &number, word);
	note(run, "%d '%s'", number, word);
	scan(run, fp, "%i%n", &number, &n);
	note(run, "%#x after %d", (unsigned)number, n);
	note_rest(run, fp);
	scan(run, fp, "%lf%d", &real, &number);
	note(run, "%g", real);
	note_rest(run, fp);
	scan(run, fp, "%ms", &allocated, NULL);
	note(run, "'%s'", allocated ? allocated : "");
	free(allocated);
	scan(run, fp, "%*s %3c", word, NULL);
	note_bytes(run, "three", word, 3);
	note_rest(run, fp);
}

#define INPUT "12 word\n 0x1f;3.5e1x allocated skipped abcdef\n"

static void conversions(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);

	pair_put(run, &pair, INPUT);
	conversions_on(run, fp);
	stream_close(run, fp);
}

static void on_disk(struct run *run)
{
	FILE *fp = stream_on_disk(run, "r", INPUT, strlen(INPUT));

	conversions_on(run, fp);
	check(run, fclose(fp) == 0);
}

static void peer_writes_two_numbers(struct peer *peer)
{
	peer->data = "34 5";
	peer->size = 4;
	peer_writes(peer);
	peer_await(peer);
	peer->data = "6;";
	peer->size = 2;
	peer_writes(peer);
}

static void waits_in_a_number(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);
	struct peer peer = {.act = peer_writes_two_numbers, .fd = pair.theirs};
	int first = 0, second = 0;

	pair_put(run, &pair, " 12");
	peer_start(run, &peer);
	scan(run, fp, "%d%d", &first, &second);
	peer_join(&peer);
	note(run, "%d %d", first, second);
	note_rest(run, fp);
	stream_close(run, fp);
}

static void matching_fails(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);
	int number = 0;

	pair_put(run, &pair, "12, -x 0xg +");
	scan(run, fp, "%d;%d", &number, &number);
	note_rest(run, fp);
	scan(run, fp, "%d", &number, NULL);
	note_rest(run, fp);
	scan(run, fp, "%i", &number, NULL);
	note_rest(run, fp);
	stream_close(run, fp);
}

static void end_in_the_middle(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};
	int first = 0, second = 0;

	pair_put(run, &pair, "12 3");
	peer_start(run, &peer);
	scan(run, fp, "%d%d", &first, &second);
	peer_join(&peer);
	note(run, "%d %d", first, second);
	note_rest(run, fp);
	scan(run, fp, "%d", &first, NULL);
	stream_close(run, fp);
}

static void nothing_to_do(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);
	int n = -1;

	scan(run, fp, "", NULL, NULL);
	scan(run, fp, "%n", &n, NULL);
	note(run, "%d", n);
	took_no_wait(run);
	stream_close(run, fp);
	fp = stream_open(run, UNIX_STREAM, "w", &pair);
	scan(run, fp, "", NULL, NULL);
	note_stream(run, fp);
	stream_close(run, fp);
}

#define ON_ALL(text, body)                                                      \
	{text " (tcp)", body, TCP}, {text " (unix stream)", body, UNIX_STREAM}, \
	{                                                                       \
		text " (pipe)", body, PIPE                                      \
	}

static const struct scenario scenarios[] = {
	ON_ALL("conversions", conversions),
	ON_ALL("waits in a number", waits_in_a_number),
	ON_ALL("matching fails", matching_fails),
	ON_ALL("end in the middle of a number", end_in_the_middle),
	ON_ALL("nothing to do", nothing_to_do),
	{"conversions, on disk", on_disk},
};

void scanning_add(const struct scanning *verb)
{
	reading_add(&verb->reading);
	suite_add(scenarios, COUNT(scenarios), verb);
}
