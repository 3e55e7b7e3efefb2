/* ftrylockfile.c - ftrylockfile(3) through libc and through its mirror. */
#include "harness/locking.h"
#include "harness/scenario.h"

static void try(struct run *run, FILE *fp)
{
	note(run, "got it: %d", enter(run)->ftrylockfile(fp) == 0);
	spot_leave(&run->spot);
}

static void nobody_holds_it(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, PIPE, "r", &pair);

	try(run, fp);
	try(run, fp);
	run->calls->funlockfile(fp);
	run->calls->funlockfile(fp);
	try(run, fp);
	run->calls->funlockfile(fp);
	stream_close(run, fp);
}

static void mate_holds_it(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, PIPE, "r", &pair);
	struct holder holder;

	holder_start(run, &holder, fp);
	try(run, fp);
	holder_release(&holder);
	try(run, fp);
	run->calls->funlockfile(fp);
	stream_close(run, fp);
}

static void read_one(struct mate *mate)
{
	mate->outcome = mate_leave(mate, mate_enter(mate)->getc(mate->arg));
}

/* Whoever waits for data in the middle of a call has the stream. */
static void mate_reads_from_it(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, PIPE, "r", &pair);
	struct mate mate = {.act = read_one, .arg = fp, .sort = run->kind};

	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	try(run, fp);
	check(run, write(pair.theirs, "x", 1) == 1);
	mate_join(&mate);
	note(run, "mate got %ld", mate.outcome);
	try(run, fp);
	run->calls->funlockfile(fp);
	stream_close(run, fp);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"nobody holds it", nobody_holds_it},
		FOR_ALL_SORTS("a mate holds it", mate_holds_it),
		FOR_ALL_SORTS("a mate reads from it", mate_reads_from_it),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("ftrylockfile");
}
