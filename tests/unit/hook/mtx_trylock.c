/* mtx_trylock.c - mtx_trylock(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

struct counter {
	mtx_t mutex;
	long value;
};

enum { CROWD = 6, ROUNDS = 100 };

static void count(struct mate *mate)
{
	struct counter *counter = mate->arg;
	long value;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		while (mate->calls->mtx_trylock(&counter->mutex) != thrd_success)
			;
		value = counter->value;
		if (i % 8 == 0)
			mate->calls->thrd_yield();
		counter->value = value + 1;
		mate->outcome += mate->calls->mtx_unlock(&counter->mutex);
	}
}

/* Threads of C11, OS threads and foreign code. */
static void mixed_crowd(struct run *run)
{
	static const int sorts[] = {OWN, OS_MIRRORS, OWN, OS_PLAIN};
	static struct counter counter;
	struct mate mates[CROWD];
	size_t i;

	counter.value = 0;
	check(run, run->calls->mtx_init(&counter.mutex, run->kind) == thrd_success);
	for (i = 0; i < CROWD; i++) {
		mates[i] = (struct mate){
			.act = count, .arg = &counter, .sort = sorts[i % COUNT(sorts)]};
		mate_start(run, &mates[i]);
	}
	for (i = 0; i < CROWD; i++) {
		mate_join(&mates[i]);
		check(run, mates[i].outcome == 0);
	}
	note(run, "counted %ld", counter.value);
	run->calls->mtx_destroy(&counter.mutex);
}

static void by_the_same_one(struct run *run)
{
	mtx_t mutex;

	check(run, run->calls->mtx_init(&mutex, run->kind) == thrd_success);
	status(run, "try", enter(run)->mtx_trylock(&mutex));
	took_no_wait(run);
	if (status(run, "try", enter(run)->mtx_trylock(&mutex)) == thrd_success)
		status(run, "unlock", run->calls->mtx_unlock(&mutex));
	status(run, "unlock", run->calls->mtx_unlock(&mutex));
	run->calls->mtx_destroy(&mutex);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"mixed crowd (plain)", mixed_crowd, mtx_plain},
		{"by the same one (plain)", by_the_same_one, mtx_plain},
		{"by the same one (recursive)", by_the_same_one, mtx_recursive},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("mtx_trylock");
}
