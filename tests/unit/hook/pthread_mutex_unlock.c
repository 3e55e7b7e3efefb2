/* pthread_mutex_unlock.c - pthread_mutex_unlock(3) through libc and through its
 * mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

#include <errno.h>

enum { WAITERS = 5 };

struct queue {
	pthread_mutex_t mutex;
	atomic_int through;
	atomic_bool gate;
};

static void pass(struct mate *mate)
{
	struct queue *queue = mate->arg;

	mate->outcome = mate_leave(mate, mate_enter(mate)->pthread_mutex_lock(&queue->mutex));
	atomic_fetch_add(&queue->through, 1);
	mate->outcome += mate->calls->pthread_mutex_unlock(&queue->mutex);
}

/* All who wait get through, one after another, from a single unlock on. */
static void everybody_gets_through(struct run *run)
{
	struct queue queue = {.mutex = PTHREAD_MUTEX_INITIALIZER};
	struct mate mates[WAITERS];
	int i;

	code(run, "lock", run->calls->pthread_mutex_lock(&queue.mutex));
	for (i = 0; i < WAITERS; i++) {
		mates[i] = (struct mate){.act = pass, .arg = &queue, .sort = run->kind};
		mate_start(run, &mates[i]);
		check(run, mate_blocked(&mates[i]));
	}
	check(run, atomic_load(&queue.through) == 0);
	code(run, "unlock", enter(run)->pthread_mutex_unlock(&queue.mutex));
	for (i = 0; i < WAITERS; i++) {
		mate_join(&mates[i]);
		check(run, mates[i].outcome == 0);
	}
	note(run, "through: %d", atomic_load(&queue.through));
	code(run, "destroy", run->calls->pthread_mutex_destroy(&queue.mutex));
}

static void hold_until_gate(struct mate *mate)
{
	struct queue *queue = mate->arg;

	mate->outcome = mate->calls->pthread_mutex_lock(&queue->mutex);
	atomic_store(&queue->through, 1);
	await_flag(mate->run, &queue->gate);
	mate->outcome += mate->calls->pthread_mutex_unlock(&queue->mutex);
}

static void not_the_owner(struct run *run)
{
	static const int types[] = {PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_RECURSIVE};
	size_t i;

	for (i = 0; i < COUNT(types); i++) {
		struct queue queue = {.through = 0};
		struct mate mate = {
			.act = hold_until_gate, .arg = &queue, .sort = run->kind};
		pthread_mutexattr_t attr;

		pthread_mutexattr_init(&attr);
		pthread_mutexattr_settype(&attr, types[i]);
		check(run, run->calls->pthread_mutex_init(&queue.mutex, &attr) == 0);
		code(run, "unlock", enter(run)->pthread_mutex_unlock(&queue.mutex));
		mate_start(run, &mate);
		while (!atomic_load(&queue.through))
			run->calls->usleep(50);
		code(run, "unlock", enter(run)->pthread_mutex_unlock(&queue.mutex));
		atomic_store(&queue.gate, true);
		mate_join(&mate);
		note(run, "mate: %ld", mate.outcome);
	}
}

int main(void)
{
	static const struct scenario scenarios[] = {
		FOR_ALL_SORTS("everybody gets through", everybody_gets_through),
		FOR_ALL_SORTS("not the owner", not_the_owner),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_mutex_unlock");
}
