/* flockfile.c - flockfile(3) through libc and through its mirror. */
#include "harness/locking.h"
#include "harness/peer.h"
#include "harness/scenario.h"

static void lock(struct run *run, FILE *fp)
{
	enter(run)->flockfile(fp);
	result(run, "flockfile", 0);
}

static void nobody_holds_it(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, PIPE, "r", &pair);

	lock(run, fp);
	took_no_wait(run);
	lock(run, fp);
	took_no_wait(run);
	pair_put(run, &pair, "ab");
	note(run, "%c", run->calls->getc(fp));
	run->calls->funlockfile(fp);
	note(run, "%c", run->calls->getc(fp));
	run->calls->funlockfile(fp);
	stream_close(run, fp);
}

static void peer_tells(struct peer *peer)
{
	struct holder *holder = peer->arg;

	atomic_store(&holder->told, true);
}

/* This one waits until a mate lets go. */
static void mate_holds_it(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, PIPE, "r", &pair);
	struct holder holder;
	struct peer peer = {.act = peer_tells, .arg = &holder};

	holder_start(run, &holder, fp);
	peer_start(run, &peer);
	lock(run, fp);
	peer_join(&peer);
	check(run, atomic_load(&holder.told));
	run->calls->funlockfile(fp);
	holder_release(&holder);
	stream_close(run, fp);
}

/* A call that finds all it wants in the buffer waits, too. */
static void mate_holds_it_and_data_is_there(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, PIPE, "r", &pair);
	struct holder holder;
	struct peer peer = {.act = peer_tells, .arg = &holder};

	pair_put(run, &pair, "ab");
	check(run, run->calls->getc(fp) == 'a');
	holder_start(run, &holder, fp);
	peer_start(run, &peer);
	result(run, "getc", enter(run)->getc(fp));
	peer_join(&peer);
	holder_release(&holder);
	stream_close(run, fp);
}

static void read_one(struct mate *mate)
{
	mate->outcome = mate_leave(mate, mate_enter(mate)->getc(mate->arg));
}

/* A mate waits for what this one holds, while this one waits for data. */
static void mate_is_kept_out(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, PIPE, "r", &pair);
	struct mate mate = {.act = read_one, .arg = fp, .sort = run->kind};
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "abc", .size = 3};

	lock(run, fp);
	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	peer_start(run, &peer);
	result(run, "getc", enter(run)->getc(fp));
	peer_join(&peer);
	result(run, "getc", enter(run)->getc(fp));
	check(run, !atomic_load(&mate.done));
	run->calls->funlockfile(fp);
	mate_join(&mate);
	note(run, "mate got %ld", mate.outcome);
	stream_close(run, fp);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"nobody holds it", nobody_holds_it},
		FOR_ALL_SORTS("a mate holds it", mate_holds_it),
		FOR_ALL_SORTS("a mate holds it, data is there",
			mate_holds_it_and_data_is_there),
		FOR_ALL_SORTS("a mate is kept out", mate_is_kept_out),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("flockfile");
}
