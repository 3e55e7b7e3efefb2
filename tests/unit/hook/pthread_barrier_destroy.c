/* pthread_barrier_destroy.c - pthread_barrier_destroy(3) through libc and through its
 * mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

static void unused(struct run *run)
{
	pthread_barrier_t barrier;

	check(run, run->calls->pthread_barrier_init(&barrier, NULL, 2) == 0);
	code(run, "destroy", enter(run)->pthread_barrier_destroy(&barrier));
	took_no_wait(run);
}

static void pass(struct mate *mate)
{
	mate->outcome =
		mate_leave(mate, mate_enter(mate)->pthread_barrier_wait(mate->arg));
}

/* The one who waited may not have run since. KIND is his sort. */
static void by_the_last_to_arrive(struct run *run)
{
	struct mate mate = {.act = pass, .sort = run->kind};
	int i;

	for (i = 0; i < 20; i++) {
		pthread_barrier_t barrier;
		int r;

		mate.arg = &barrier;
		check(run, run->calls->pthread_barrier_init(&barrier, NULL, 2) == 0);
		mate_start(run, &mate);
		check(run, mate_blocked(&mate));
		r = run->calls->pthread_barrier_wait(&barrier);
		code(run, "destroy", enter(run)->pthread_barrier_destroy(&barrier));
		mate_join(&mate);
		note(run, "%ld", r + mate.outcome);
	}
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"unused", unused},
		FOR_OUR_SORTS("by the last to arrive", by_the_last_to_arrive),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_barrier_destroy");
}
