/* pthread_mutex_init.c - pthread_mutex_init(3) through libc and through its mirror. */
#include "harness/run.h"
#include "harness/scenario.h"

#include <pthread.h>
#include <string.h>

/* The memory's former contents do not matter. */
static void note_behaviour(struct run *run, const pthread_mutexattr_t *attr)
{
	pthread_mutex_t mutex;

	memset(&mutex, 0xa5, sizeof(mutex));
	code(run, "init", enter(run)->pthread_mutex_init(&mutex, attr));
	took_no_wait(run);
	code(run, "lock", run->calls->pthread_mutex_lock(&mutex));
	code(run, "trylock", run->calls->pthread_mutex_trylock(&mutex));
	code(run, "unlock", run->calls->pthread_mutex_unlock(&mutex));
	code(run, "trylock", run->calls->pthread_mutex_trylock(&mutex));
	code(run, "unlock", run->calls->pthread_mutex_unlock(&mutex));
	code(run, "destroy", run->calls->pthread_mutex_destroy(&mutex));
}

static void no_attributes(struct run *run)
{
	note_behaviour(run, NULL);
}

static void types(struct run *run)
{
	static const int all[] = {PTHREAD_MUTEX_DEFAULT, PTHREAD_MUTEX_NORMAL,
		PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_ADAPTIVE_NP};
	size_t i;

	for (i = 0; i < COUNT(all); i++) {
		pthread_mutexattr_t attr;

		pthread_mutexattr_init(&attr);
		check(run, pthread_mutexattr_settype(&attr, all[i]) == 0);
		note_behaviour(run, &attr);
		pthread_mutexattr_destroy(&attr);
	}
}

static void made_again(struct run *run)
{
	pthread_mutex_t mutex;
	int i;

	for (i = 0; i < 3; i++) {
		code(run, "init", enter(run)->pthread_mutex_init(&mutex, NULL));
		code(run, "lock", run->calls->pthread_mutex_lock(&mutex));
		code(run, "unlock", run->calls->pthread_mutex_unlock(&mutex));
		code(run, "destroy", run->calls->pthread_mutex_destroy(&mutex));
	}
}

/* What the mirror made, foreign code can use, and the other way round. */
static void shared_with_foreign_code(struct run *run)
{
	pthread_mutex_t mutex;

	code(run, "init", enter(run)->pthread_mutex_init(&mutex, NULL));
	code(run, "lock", pthread_mutex_lock(&mutex));
	code(run, "trylock", run->calls->pthread_mutex_trylock(&mutex));
	code(run, "unlock", pthread_mutex_unlock(&mutex));
	code(run, "lock", run->calls->pthread_mutex_lock(&mutex));
	code(run, "trylock", pthread_mutex_trylock(&mutex));
	code(run, "unlock", run->calls->pthread_mutex_unlock(&mutex));
	code(run, "destroy", pthread_mutex_destroy(&mutex));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"no attributes", no_attributes},
		{"types", types},
		{"made again", made_again},
		{"shared with foreign code", shared_with_foreign_code},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_mutex_init");
}
