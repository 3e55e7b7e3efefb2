/* pthread_barrier_init.c - pthread_barrier_init(3) through libc and through its
 * mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

#include <limits.h>

static void counts(struct run *run)
{
	static const unsigned all[] = {0, 1, 2, INT_MAX, (unsigned)INT_MAX + 1, UINT_MAX};
	pthread_barrier_t barrier;
	size_t i;

	for (i = 0; i < COUNT(all); i++)
		if (code(run, "init",
			    enter(run)->pthread_barrier_init(&barrier, NULL, all[i])) ==
			0)
			code(run, "destroy",
				run->calls->pthread_barrier_destroy(&barrier));
}

static void pass(struct mate *mate)
{
	mate->outcome =
		mate_leave(mate, mate_enter(mate)->pthread_barrier_wait(mate->arg));
}

/* Each time with another count. */
static void anew_in_the_same_place(struct run *run)
{
	pthread_barrier_t barrier;
	struct mate mates[4];
	unsigned count, i;
	long sum;

	for (count = 1; count <= 4; count++) {
		check(run, run->calls->pthread_barrier_init(&barrier, NULL, count) == 0);
		for (i = 0; i < count; i++) {
			mates[i] = (struct mate){.act = pass, .arg = &barrier};
			mate_start(run, &mates[i]);
			if (i + 1 < count)
				check(run, mate_blocked(&mates[i]));
		}
		for (sum = 0, i = 0; i < count; i++) {
			mate_join(&mates[i]);
			sum += mates[i].outcome;
		}
		note(run, "%u: %ld", count, sum);
		code(run, "destroy", run->calls->pthread_barrier_destroy(&barrier));
	}
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"counts", counts},
		{"anew in the same place", anew_in_the_same_place},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_barrier_init");
}
