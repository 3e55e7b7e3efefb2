/* mtx_lock.c - mtx_lock(3) through libc and through its mirror. */
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
		mate->outcome += mate->calls->mtx_lock(&counter->mutex);
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

static void hold_until_waited_for(struct mate *mate)
{
	mate->outcome = mate->calls->mtx_lock(mate->arg);
	mate_leave(mate, 0);
	mate->outcome += !spot_blocked(mate->run, &mate->run->spot);
	mate->outcome += mate->calls->mtx_unlock(mate->arg);
}

static void a_mate_holds_it(struct run *run)
{
	mtx_t mutex;
	struct mate mate = {
		.act = hold_until_waited_for, .arg = &mutex, .sort = run->kind};

	check(run, run->calls->mtx_init(&mutex, mtx_plain) == thrd_success);
	spot_reset(&run->spot);
	mate_start(run, &mate);
	spot_gone(run, &mate.spot);
	status(run, "lock", enter(run)->mtx_lock(&mutex));
	mate_join(&mate);
	note(run, "mate: %ld", mate.outcome);
	status(run, "unlock", run->calls->mtx_unlock(&mutex));
	run->calls->mtx_destroy(&mutex);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"mixed crowd (plain)", mixed_crowd, mtx_plain},
		{"mixed crowd (recursive)", mixed_crowd, mtx_recursive},
		FOR_ALL_SORTS("a mate holds it", a_mate_holds_it),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("mtx_lock");
}
