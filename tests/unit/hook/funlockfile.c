/* funlockfile.c - funlockfile(3) through libc and through its mirror. */
#include "harness/locking.h"
#include "harness/scenario.h"

enum { CROWD = 8, ROUNDS = 50 };

struct shared {
	FILE *fp;
	int inside, most, total;
};

/* Others have their turn while one is inside. */
static void use(struct mate *mate)
{
	struct shared *shared = mate->arg;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		mate->calls->flockfile(shared->fp);
		mate->calls->flockfile(shared->fp);
		shared->inside++;
		mate->calls->funlockfile(shared->fp);
		mate->calls->sched_yield();
		if (shared->inside > shared->most)
			shared->most = shared->inside;
		shared->inside--;
		shared->total++;
		mate->calls->funlockfile(shared->fp);
	}
}

static void one_at_a_time(struct run *run)
{
	struct pair pair;
	struct shared shared = {.fp = stream_open(run, PIPE, "r", &pair)};
	struct mate mates[CROWD];
	int i;

	for (i = 0; i < CROWD; i++) {
		mates[i] = (struct mate){
			.act = use, .arg = &shared, .sort = i % 2 ? OWN : run->kind};
		mate_start(run, &mates[i]);
	}
	for (i = 0; i < CROWD; i++)
		mate_join(&mates[i]);
	note(run, "most %d, total %d", shared.most, shared.total);
	stream_close(run, shared.fp);
}

static void gives_back_one_level(struct run *run)
{
	struct pair pair;
	FILE *fp = stream_open(run, PIPE, "r", &pair);
	struct holder holder;

	run->calls->flockfile(fp);
	run->calls->flockfile(fp);
	enter(run)->funlockfile(fp);
	result(run, "funlockfile", 0);
	took_no_wait(run);
	run->calls->funlockfile(fp);
	holder_start(run, &holder, fp);
	holder_release(&holder);
	stream_close(run, fp);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		FOR_ALL_SORTS("one at a time", one_at_a_time),
		FOR_ALL_SORTS("gives back one level", gives_back_one_level),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("funlockfile");
}
