/* mtx_unlock.c - mtx_unlock(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

static void pass(struct mate *mate)
{
	mate->outcome = mate_leave(mate, mate_enter(mate)->mtx_lock(mate->arg));
	mate->outcome += mate->calls->mtx_unlock(mate->arg);
}

/* All who wait get through, from a single unlock on. */
static void everybody_gets_through(struct run *run)
{
	struct mate mates[4];
	mtx_t mutex;
	size_t i;

	check(run, run->calls->mtx_init(&mutex, mtx_plain) == thrd_success);
	status(run, "lock", enter(run)->mtx_lock(&mutex));
	for (i = 0; i < COUNT(mates); i++) {
		mates[i] = (struct mate){.act = pass, .arg = &mutex, .sort = run->kind};
		mate_start(run, &mates[i]);
		check(run, mate_blocked(&mates[i]));
	}
	status(run, "unlock", run->calls->mtx_unlock(&mutex));
	for (i = 0; i < COUNT(mates); i++) {
		mate_join(&mates[i]);
		check(run, mates[i].outcome == 0);
	}
	run->calls->mtx_destroy(&mutex);
}

/* As often as it was locked, and not by somebody else. */
static void recursive(struct run *run)
{
	mtx_t mutex;
	struct mate mate = {.act = pass, .arg = &mutex, .sort = run->kind};

	check(run, run->calls->mtx_init(&mutex, mtx_recursive) == thrd_success);
	status(run, "lock", enter(run)->mtx_lock(&mutex));
	status(run, "lock", enter(run)->mtx_lock(&mutex));
	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	status(run, "unlock", run->calls->mtx_unlock(&mutex));
	check(run, !atomic_load(&mate.done));
	status(run, "unlock", run->calls->mtx_unlock(&mutex));
	mate_join(&mate);
	note(run, "mate: %ld", mate.outcome);
	status(run, "unlock", run->calls->mtx_unlock(&mutex));
	run->calls->mtx_destroy(&mutex);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		FOR_ALL_SORTS("everybody gets through", everybody_gets_through),
		FOR_ALL_SORTS("recursive", recursive),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("mtx_unlock");
}
