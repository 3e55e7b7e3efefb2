/* pthread_spin_lock.c - pthread_spin_lock(3) through libc and through its mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

static void nobody_holds_it(struct run *run)
{
	pthread_spinlock_t lock;
	int i;

	check(run, pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE) == 0);
	for (i = 0; i < 3; i++) {
		code(run, "lock", enter(run)->pthread_spin_lock(&lock));
		took_no_wait(run);
		code(run, "try", enter(run)->pthread_spin_trylock(&lock));
		code(run, "unlock", run->calls->pthread_spin_unlock(&lock));
	}
}

struct held {
	pthread_spinlock_t lock;
	atomic_bool taken;
};

/* It lets others run, and the clock go on, meanwhile. */
static void hold_for_a_while(struct mate *mate)
{
	struct held *held = mate->arg;
	const struct timespec span = {0, 2000000};

	mate->outcome = mate->calls->pthread_spin_lock(&held->lock);
	atomic_store(&held->taken, true);
	mate->calls->sched_yield();
	mate->calls->nanosleep(&span, NULL);
	mate->outcome += mate->calls->pthread_spin_unlock(&held->lock);
}

static void a_mate_holds_it(struct run *run)
{
	struct held held = {.taken = false};
	struct mate mate = {.act = hold_for_a_while, .arg = &held, .sort = run->kind};

	check(run, pthread_spin_init(&held.lock, PTHREAD_PROCESS_PRIVATE) == 0);
	mate_start(run, &mate);
	await_flag(run, &held.taken);
	code(run, "lock", enter(run)->pthread_spin_lock(&held.lock));
	code(run, "unlock", run->calls->pthread_spin_unlock(&held.lock));
	mate_join(&mate);
	note(run, "mate: %ld", mate.outcome);
}

struct counter {
	pthread_spinlock_t lock;
	long value;
};

enum { CROWD = 6, ROUNDS = 100 };

static void count(struct mate *mate)
{
	struct counter *counter = mate->arg;
	long value;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		mate->outcome += mate->calls->pthread_spin_lock(&counter->lock);
		value = counter->value;
		if (i % 16 == 0)
			mate->calls->sched_yield();
		counter->value = value + 1;
		mate->outcome += mate->calls->pthread_spin_unlock(&counter->lock);
	}
}

static void mixed_crowd(struct run *run)
{
	static const int sorts[] = {OWN, OWN, OS_MIRRORS, OWN, OWN, OS_PLAIN};
	struct counter counter = {.value = 0};
	struct mate mates[CROWD];
	int i;

	check(run, pthread_spin_init(&counter.lock, PTHREAD_PROCESS_PRIVATE) == 0);
	for (i = 0; i < CROWD; i++) {
		mates[i] = (struct mate){.act = count, .arg = &counter, .sort = sorts[i]};
		mate_start(run, &mates[i]);
	}
	for (i = 0; i < CROWD; i++) {
		mate_join(&mates[i]);
		check(run, mates[i].outcome == 0);
	}
	note(run, "counted %ld", counter.value);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"nobody holds it", nobody_holds_it},
		FOR_ALL_SORTS("a mate holds it", a_mate_holds_it),
		{"mixed crowd", mixed_crowd},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_spin_lock");
}
