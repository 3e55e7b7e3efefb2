/* pthread_mutex_lock.c - pthread_mutex_lock(3) through libc and through its mirror. */
#include "harness/mate.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <unistd.h>

static void make(struct run *run, pthread_mutex_t *mutex, int type)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	check(run, pthread_mutexattr_settype(&attr, type) == 0);
	check(run, run->calls->pthread_mutex_init(mutex, &attr) == 0);
	pthread_mutexattr_destroy(&attr);
}

static void lock(struct run *run, pthread_mutex_t *mutex)
{
	code(run, "lock", enter(run)->pthread_mutex_lock(mutex));
}

static void unlock(struct run *run, pthread_mutex_t *mutex)
{
	code(run, "unlock", run->calls->pthread_mutex_unlock(mutex));
}

static void nobody_holds_it(struct run *run)
{
	static pthread_mutex_t mutexes[] = {PTHREAD_MUTEX_INITIALIZER,
		PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP,
		PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP,
		PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP};
	size_t i;

	for (i = 0; i < COUNT(mutexes); i++) {
		lock(run, &mutexes[i]);
		took_no_wait(run);
		unlock(run, &mutexes[i]);
		lock(run, &mutexes[i]);
		unlock(run, &mutexes[i]);
	}
}

static void lock_and_unlock(struct mate *mate)
{
	mate->outcome = mate_leave(mate, mate_enter(mate)->pthread_mutex_lock(mate->arg));
	mate->outcome += mate->calls->pthread_mutex_unlock(mate->arg);
}

/* A mate waits for what this one holds. */
static void mate_waits(struct run *run)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	struct mate mate = {.act = lock_and_unlock, .arg = &mutex, .sort = run->kind};
	int i;

	for (i = 0; i < 3; i++) {
		lock(run, &mutex);
		mate_start(run, &mate);
		check(run, mate_blocked(&mate));
		unlock(run, &mutex);
		mate_join(&mate);
		note(run, "mate: %s", error_name((int)mate.outcome));
	}
	code(run, "destroy", run->calls->pthread_mutex_destroy(&mutex));
}

struct held {
	pthread_mutex_t mutex;
	atomic_bool taken;
	int fd; /* to read from while it is held */
};

static void hold_while_reading(struct mate *mate)
{
	struct held *held = mate->arg;
	char byte;

	mate->outcome = mate->calls->pthread_mutex_lock(&held->mutex);
	atomic_store(&held->taken, true);
	mate->outcome += mate->calls->read(held->fd, &byte, 1) != 1;
	mate->outcome += mate->calls->pthread_mutex_unlock(&held->mutex);
}

/* This one waits for what a mate holds, who waits himself for something else. */
static void held_across_a_wait(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct held held = {.mutex = PTHREAD_MUTEX_INITIALIZER, .fd = pair.mine};
	struct mate mate = {.act = hold_while_reading, .arg = &held, .sort = run->kind};
	struct peer peer = {.act = peer_writes, .fd = pair.theirs, .data = "x", .size = 1};

	mate_start(run, &mate);
	await_flag(run, &held.taken);
	peer_start(run, &peer);
	lock(run, &held.mutex);
	peer_join(&peer);
	unlock(run, &held.mutex);
	mate_join(&mate);
	note(run, "mate: %ld", mate.outcome);
}

struct counter {
	pthread_mutex_t mutex;
	long value;
};

enum { CROWD = 8, ROUNDS = 200 };

static void count(struct mate *mate)
{
	struct counter *counter = mate->arg;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		long value;

		mate->calls->pthread_mutex_lock(&counter->mutex);
		value = counter->value;
		if (i % 8 == 0)
			mate->calls->sched_yield();
		counter->value = value + 1;
		mate->calls->pthread_mutex_unlock(&counter->mutex);
	}
}

/* Whoever they are: only one at a time is between lock and unlock, and everybody gets
 * there. */
static void count_in_a_crowd(struct run *run, const int *sorts, size_t nsorts)
{
	static struct counter counter;
	struct mate mates[CROWD];
	size_t i;

	counter.value = 0;
	make(run, &counter.mutex, run->kind);
	for (i = 0; i < CROWD; i++) {
		mates[i] = (struct mate){
			.act = count, .arg = &counter, .sort = sorts[i % nsorts]};
		mate_start(run, &mates[i]);
	}
	for (i = 0; i < CROWD; i++)
		mate_join(&mates[i]);
	note(run, "counted %ld", counter.value);
	code(run, "destroy", run->calls->pthread_mutex_destroy(&counter.mutex));
}

static void crowd(struct run *run)
{
	static const int sorts[] = {OWN};

	count_in_a_crowd(run, sorts, COUNT(sorts));
}

static void mixed_crowd(struct run *run)
{
	static const int sorts[] = {OWN, OS_MIRRORS, OWN, OS_PLAIN};

	count_in_a_crowd(run, sorts, COUNT(sorts));
}

static void try_once(struct mate *mate)
{
	mate->outcome = mate->calls->pthread_mutex_trylock(mate->arg);
	if (mate->outcome == 0)
		mate->calls->pthread_mutex_unlock(mate->arg);
}

static void note_try(struct run *run, pthread_mutex_t *mutex)
{
	struct mate mate = {.act = try_once, .arg = mutex};

	mate_start(run, &mate);
	mate_join(&mate);
	note(run, "another's trylock: %s", error_name((int)mate.outcome));
}

static void recursive(struct run *run)
{
	pthread_mutex_t mutex;

	make(run, &mutex, PTHREAD_MUTEX_RECURSIVE);
	lock(run, &mutex);
	lock(run, &mutex);
	lock(run, &mutex);
	took_no_wait(run);
	unlock(run, &mutex);
	unlock(run, &mutex);
	note_try(run, &mutex);
	unlock(run, &mutex);
	note_try(run, &mutex);
	unlock(run, &mutex);
	code(run, "destroy", run->calls->pthread_mutex_destroy(&mutex));
}

static void error_checking(struct run *run)
{
	pthread_mutex_t mutex;

	make(run, &mutex, PTHREAD_MUTEX_ERRORCHECK);
	lock(run, &mutex);
	lock(run, &mutex);
	took_no_wait(run);
	note_try(run, &mutex);
	unlock(run, &mutex);
	unlock(run, &mutex);
	code(run, "destroy", run->calls->pthread_mutex_destroy(&mutex));
}

/* The second lock of the same one by the same one waits; here until a mate unlocks for
 * him. */
static void unlock_for_another(struct mate *mate)
{
	mate->outcome = !spot_blocked(mate->run, &mate->run->spot);
	mate->outcome += mate->calls->pthread_mutex_unlock(mate->arg);
}

static void normal_waits_for_itself(struct run *run)
{
	pthread_mutex_t mutex;
	struct mate mate = {.act = unlock_for_another, .arg = &mutex, .sort = run->kind};

	make(run, &mutex, PTHREAD_MUTEX_NORMAL);
	lock(run, &mutex);
	spot_reset(&run->spot);
	mate_start(run, &mate);
	lock(run, &mutex);
	mate_join(&mate);
	unlock(run, &mutex);
}

static void protocols(struct run *run)
{
	static const int all[] = {PTHREAD_PRIO_NONE, PTHREAD_PRIO_INHERIT};
	size_t i;

	for (i = 0; i < COUNT(all); i++) {
		pthread_mutex_t mutex;
		pthread_mutexattr_t attr;
		struct mate mate = {.act = lock_and_unlock, .arg = &mutex};

		pthread_mutexattr_init(&attr);
		check(run, pthread_mutexattr_setprotocol(&attr, all[i]) == 0);
		check(run, run->calls->pthread_mutex_init(&mutex, &attr) == 0);
		lock(run, &mutex);
		mate_start(run, &mate);
		check(run, mate_blocked(&mate));
		unlock(run, &mutex);
		mate_join(&mate);
		code(run, "destroy", run->calls->pthread_mutex_destroy(&mutex));
	}
}

static void shared_between_processes(struct run *run)
{
	pthread_mutex_t mutex;
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	check(run, pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED) == 0);
	check(run, run->calls->pthread_mutex_init(&mutex, &attr) == 0);
	lock(run, &mutex);
	note_try(run, &mutex);
	unlock(run, &mutex);
	code(run, "destroy", run->calls->pthread_mutex_destroy(&mutex));
}

static void lock_and_leave(struct mate *mate)
{
	mate->outcome = mate->calls->pthread_mutex_lock(mate->arg);
}

/* The owner, an OS thread, ends without unlocking. */
static void owner_died(struct run *run)
{
	pthread_mutex_t mutex;
	pthread_mutexattr_t attr;
	struct mate mate = {.act = lock_and_leave, .arg = &mutex, .sort = OS_PLAIN};

	pthread_mutexattr_init(&attr);
	check(run, pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST) == 0);
	check(run, run->calls->pthread_mutex_init(&mutex, &attr) == 0);
	mate_start(run, &mate);
	mate_join(&mate);
	lock(run, &mutex);
	check(run, pthread_mutex_consistent(&mutex) == 0);
	unlock(run, &mutex);
	lock(run, &mutex);
	unlock(run, &mutex);
	code(run, "destroy", run->calls->pthread_mutex_destroy(&mutex));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"nobody holds it", nobody_holds_it},
		FOR_ALL_SORTS("mate waits", mate_waits),
		FOR_ALL_SORTS("held across a wait", held_across_a_wait),
		{"crowd (normal)", crowd, PTHREAD_MUTEX_NORMAL},
		{"crowd (error checking)", crowd, PTHREAD_MUTEX_ERRORCHECK},
		{"crowd (recursive)", crowd, PTHREAD_MUTEX_RECURSIVE},
		{"mixed crowd (normal)", mixed_crowd, PTHREAD_MUTEX_NORMAL},
		{"mixed crowd (error checking)", mixed_crowd, PTHREAD_MUTEX_ERRORCHECK},
		{"recursive", recursive},
		{"error checking", error_checking},
		{"normal waits for itself", normal_waits_for_itself},
		{"protocols", protocols},
		{"shared between processes", shared_between_processes},
		{"owner died", owner_died},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_mutex_lock");
}
