/* pthread_spin_trylock.c - pthread_spin_trylock(3) through libc and through its
 * mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

static void by_the_same_one(struct run *run)
{
	pthread_spinlock_t lock;

	check(run, pthread_spin_init(&lock, PTHREAD_PROCESS_SHARED) == 0);
	code(run, "try", enter(run)->pthread_spin_trylock(&lock));
	took_no_wait(run);
	code(run, "try", enter(run)->pthread_spin_trylock(&lock));
	code(run, "unlock", run->calls->pthread_spin_unlock(&lock));
	code(run, "try", enter(run)->pthread_spin_trylock(&lock));
	code(run, "unlock", run->calls->pthread_spin_unlock(&lock));
}

struct held {
	pthread_spinlock_t lock;
	atomic_bool taken;
};

static void hold_for_a_while(struct mate *mate)
{
	struct held *held = mate->arg;

	mate->outcome = mate->calls->pthread_spin_lock(&held->lock);
	atomic_store(&held->taken, true);
	for (int i = 0; i < 100; i++)
		mate->calls->sched_yield();
	mate->outcome += mate->calls->pthread_spin_unlock(&held->lock);
}

/* A loop around the call lets the holder go on. */
static void try_until_it_works(struct run *run)
{
	struct held held = {.taken = false};
	struct mate mate = {.act = hold_for_a_while, .arg = &held, .sort = run->kind};

	check(run, pthread_spin_init(&held.lock, PTHREAD_PROCESS_PRIVATE) == 0);
	mate_start(run, &mate);
	await_flag(run, &held.taken);
	while (run->calls->pthread_spin_trylock(&held.lock) != 0)
		;
	code(run, "unlock", run->calls->pthread_spin_unlock(&held.lock));
	mate_join(&mate);
	note(run, "mate: %ld", mate.outcome);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"by the same one", by_the_same_one},
		FOR_ALL_SORTS("try until it works", try_until_it_works),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_spin_trylock");
}
