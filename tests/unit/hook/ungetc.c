/* ungetc.c - ungetc(3) through libc and through its mirror. */
#include "harness/locking.h"
#include "harness/peer.h"
#include "harness/scenario.h"

static void put_back(struct run *run, FILE *fp, int c)
{
	result(run, "ungetc", enter(run)->ungetc(c, fp));
	took_no_wait(run);
	note_stream(run, fp);
}

static void note_next(struct run *run, FILE *fp, int n)
{
	while (n-- > 0)
		note(run, "next %d", run->calls->getc(fp));
}

static void before_and_after_reading(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);

	put_back(run, fp, 'b');
	put_back(run, fp, 'a');
	put_back(run, fp, EOF);
	note_next(run, fp, 2);
	pair_put(run, &pair, "xyz");
	note_next(run, fp, 1);
	put_back(run, fp, 'x');
	put_back(run, fp, 'w');
	note_next(run, fp, 2);
	stream_close(run, fp);
}

static void at_the_end(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, 0, "r", &pair);

	let_go(run, pair.theirs);
	close(pair.theirs);
	note_next(run, fp, 1);
	put_back(run, fp, 0xff);
	note_next(run, fp, 2);
	note_stream(run, fp);
	stream_close(run, fp);
}

static void read_one(struct mate *mate)
{
	mate->outcome = mate_leave(mate, mate_enter(mate)->getc(mate->arg));
}

/* It waits until whoever reads has got something. */
static void while_a_mate_reads(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, PIPE, "r", &pair);
	struct mate mate = {.act = read_one, .arg = fp, .sort = run->kind};
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "ab", .size = 2};

	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	peer_start(run, &peer);
	result(run, "ungetc", enter(run)->ungetc('!', fp));
	peer_join(&peer);
	mate_join(&mate);
	note(run, "mate got %ld", mate.outcome);
	note_next(run, fp, 2);
	stream_close(run, fp);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"before and after reading (tcp)", before_and_after_reading, TCP},
		{"before and after reading (pipe)", before_and_after_reading, PIPE},
		{"at the end (unix stream)", at_the_end, UNIX_STREAM},
		{"at the end (pipe)", at_the_end, PIPE},
		FOR_ALL_SORTS("while a mate reads", while_a_mate_reads),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("ungetc");
}
