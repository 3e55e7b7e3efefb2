/* pthread_mutex_trylock.c - pthread_mutex_trylock(3) through libc and through its
 * mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

#include <errno.h>

static void try(struct run *run, pthread_mutex_t *mutex)
{
	code(run, "trylock", enter(run)->pthread_mutex_trylock(mutex));
	took_no_wait(run);
}

static void by_the_same_one(struct run *run)
{
	static pthread_mutex_t mutexes[] = {PTHREAD_MUTEX_INITIALIZER,
		PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP,
		PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP,
		PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP};
	size_t i;

	for (i = 0; i < COUNT(mutexes); i++) {
		try(run, &mutexes[i]);
		try(run, &mutexes[i]);
		code(run, "unlock", run->calls->pthread_mutex_unlock(&mutexes[i]));
	}
	code(run, "unlock", run->calls->pthread_mutex_unlock(&mutexes[1]));
}

struct held {
	pthread_mutex_t *mutex;
	atomic_bool taken, let_go;
};

static void hold(struct mate *mate)
{
	struct held *held = mate->arg;

	mate->outcome = mate->calls->pthread_mutex_lock(held->mutex);
	atomic_store(&held->taken, true);
	await_flag(mate->run, &held->let_go);
	mate->outcome += mate->calls->pthread_mutex_unlock(held->mutex);
}

static void while_another_holds_it(struct run *run)
{
	static pthread_mutex_t mutexes[] = {PTHREAD_MUTEX_INITIALIZER,
		PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP,
		PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP};
	size_t i;

	for (i = 0; i < COUNT(mutexes); i++) {
		struct held held = {.mutex = &mutexes[i]};
		struct mate mate = {.act = hold, .arg = &held, .sort = run->kind};

		mate_start(run, &mate);
		await_flag(run, &held.taken);
		try(run, &mutexes[i]);
		atomic_store(&held.let_go, true);
		mate_join(&mate);
		try(run, &mutexes[i]);
		code(run, "unlock", run->calls->pthread_mutex_unlock(&mutexes[i]));
		note(run, "mate: %ld", mate.outcome);
	}
}

static void waited_for_by_lock(struct run *run)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	struct held held = {.mutex = &mutex};
	struct mate mate = {.act = hold, .arg = &held, .sort = run->kind};

	try(run, &mutex);
	mate_start(run, &mate);
	run->calls->sched_yield();
	check(run, !atomic_load(&held.taken));
	atomic_store(&held.let_go, true);
	code(run, "unlock", run->calls->pthread_mutex_unlock(&mutex));
	mate_join(&mate);
	try(run, &mutex);
	code(run, "unlock", run->calls->pthread_mutex_unlock(&mutex));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"by the same one", by_the_same_one},
		FOR_ALL_SORTS("while another holds it", while_another_holds_it),
		FOR_ALL_SORTS("taken by trylock, waited for by lock", waited_for_by_lock),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_mutex_trylock");
}
