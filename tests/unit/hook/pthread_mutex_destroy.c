/* pthread_mutex_destroy.c - pthread_mutex_destroy(3) through libc and through its
 * mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

#include <errno.h>

static int destroy(struct run *run, pthread_mutex_t *mutex)
{
	return code(run, "destroy", enter(run)->pthread_mutex_destroy(mutex));
}

static void free_one(struct run *run)
{
	pthread_mutex_t used, fresh = PTHREAD_MUTEX_INITIALIZER;

	check(run, run->calls->pthread_mutex_init(&used, NULL) == 0);
	check(run, run->calls->pthread_mutex_lock(&used) == 0);
	check(run, run->calls->pthread_mutex_unlock(&used) == 0);
	destroy(run, &used);
	destroy(run, &fresh);
	took_no_wait(run);
}

static void held_by_the_same_one(struct run *run)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

	check(run, run->calls->pthread_mutex_lock(&mutex) == 0);
	destroy(run, &mutex);
	took_no_wait(run);
	code(run, "unlock", run->calls->pthread_mutex_unlock(&mutex));
	destroy(run, &mutex);
}

static void lock_and_unlock(struct mate *mate)
{
	mate->outcome = mate_leave(mate, mate_enter(mate)->pthread_mutex_lock(mate->arg));
	mate->outcome += mate->calls->pthread_mutex_unlock(mate->arg);
}

static void somebody_waits(struct run *run)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	struct mate mate = {.act = lock_and_unlock, .arg = &mutex, .sort = run->kind};

	check(run, run->calls->pthread_mutex_lock(&mutex) == 0);
	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	destroy(run, &mutex);
	code(run, "unlock", run->calls->pthread_mutex_unlock(&mutex));
	mate_join(&mate);
	note(run, "mate: %ld", mate.outcome);
	destroy(run, &mutex);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"free one", free_one},
		{"held by the same one", held_by_the_same_one},
		FOR_ALL_SORTS("somebody waits", somebody_waits),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_mutex_destroy");
}
