/* pthread_self.c - pthread_self(3) through libc and through its mirror: everyone has a
 * name, always the same. */
#include "harness/mate.h"
#include "harness/scenario.h"

static void stays_the_same(struct run *run)
{
	pthread_t self = enter(run)->pthread_self();
	int i;

	result(run, "self", 0);
	took_no_wait(run);
	for (i = 0; i < 10; i++) {
		run->calls->usleep(100);
		check(run, run->calls->pthread_equal(self, run->calls->pthread_self()));
	}
}

static void tell(struct mate *mate)
{
	pthread_t *seen = mate->arg;
	int i;

	*seen = mate->calls->pthread_self();
	for (i = 0; i < 10; i++) {
		mate->calls->sched_yield();
		mate->outcome += !mate->calls->pthread_equal(*seen, mate->calls->pthread_self());
	}
}

/* What a thread calls itself is what its maker was told. */
static void as_its_maker_knows_it(struct run *run)
{
	enum { MATES = 5 };
	struct mate mates[MATES];
	pthread_t seen[MATES];
	int i, j;

	for (i = 0; i < MATES; i++) {
		mates[i] = (struct mate){.act = tell, .arg = &seen[i]};
		mate_start(run, &mates[i]);
	}
	run->calls->usleep(1000);
	for (i = 0; i < MATES; i++) {
		pthread_t made = mates[i].thread;

		mate_join(&mates[i]);
		check(run, mates[i].outcome == 0);
		check(run, run->calls->pthread_equal(seen[i], made));
		check(run, !run->calls->pthread_equal(seen[i], run->calls->pthread_self()));
		for (j = 0; j < i; j++)
			check(run, !run->calls->pthread_equal(seen[i], seen[j]));
	}
}

static void of_a_foreign_thread(struct run *run)
{
	pthread_t seen;
	struct mate mate = {.act = tell, .arg = &seen, .sort = run->kind};

	mate_start(run, &mate);
	mate_join(&mate);
	note(run, "mate: %ld", mate.outcome);
	check(run, pthread_equal(seen, mate.thread));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"stays the same", stays_the_same},
		{"as its maker knows it", as_its_maker_knows_it},
		{"of a thread with mirrors", of_a_foreign_thread, OS_MIRRORS},
		{"of a foreign thread", of_a_foreign_thread, OS_PLAIN},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_self");
}
