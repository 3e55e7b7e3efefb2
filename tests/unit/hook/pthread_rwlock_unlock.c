/* pthread_rwlock_unlock.c - pthread_rwlock_unlock(3) through libc and through its
 * mirror. */
#include "harness/rwlocking.h"
#include "harness/scenario.h"

enum { WAITERS = 6 };

struct queue {
	pthread_rwlock_t lock;
	atomic_int through;
};

static void pass(struct mate *mate, bool writes)
{
	struct queue *queue = mate->arg;
	const struct calls *calls = mate_enter(mate);

	mate->outcome = writes ? calls->pthread_rwlock_wrlock(&queue->lock)
			       : calls->pthread_rwlock_rdlock(&queue->lock);
	mate_leave(mate, 0);
	atomic_fetch_add(&queue->through, 1);
	mate->calls->sched_yield();
	mate->outcome += mate->calls->pthread_rwlock_unlock(&queue->lock);
}

static void pass_reading(struct mate *mate)
{
	pass(mate, false);
}

static void pass_writing(struct mate *mate)
{
	pass(mate, true);
}

/* Readers and writers, one after another, from a single unlock on. KIND is the sort of
 * half of them. */
static void get_through(struct run *run, int kind, bool held_for_writing)
{
	struct queue queue = {.through = 0};
	struct mate mates[WAITERS];
	int i, waiting = 0;

	rwlock_make(run, &queue.lock, kind);
	code(run, "lock",
		held_for_writing ? enter(run)->pthread_rwlock_wrlock(&queue.lock)
				 : enter(run)->pthread_rwlock_rdlock(&queue.lock));
	for (i = 0; i < WAITERS; i++) {
		mates[i] = (struct mate){.act = i % 2 ? pass_reading : pass_writing,
			.arg = &queue,
			.sort = i % 4 < 2 ? OWN : run->kind};
		mate_start(run, &mates[i]);
		waiting += mate_blocked(&mates[i]);
	}
	note(run, "waiting: %d", waiting);
	code(run, "unlock", enter(run)->pthread_rwlock_unlock(&queue.lock));
	for (i = 0; i < WAITERS; i++) {
		mate_join(&mates[i]);
		check(run, mates[i].outcome == 0);
	}
	note(run, "through: %d", atomic_load(&queue.through));
	code(run, "destroy", run->calls->pthread_rwlock_destroy(&queue.lock));
}

static void everybody_gets_through(struct run *run)
{
	get_through(run, PTHREAD_RWLOCK_PREFER_READER_NP, true);
	get_through(run, PTHREAD_RWLOCK_PREFER_WRITER_NP, true);
	get_through(run, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP, true);
}

/* Of the second kind none but the writers has to wait. */
static void from_a_reader_on(struct run *run)
{
	if (run->kind != OS_PLAIN)
		get_through(run, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP, false);
	get_through(run, PTHREAD_RWLOCK_PREFER_READER_NP, false);
}

/* Readers of one thread count one by one. */
static void as_often_as_locked(struct run *run)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
	int i;

	for (i = 0; i < 3; i++)
		code(run, "rdlock", enter(run)->pthread_rwlock_rdlock(&lock));
	for (i = 0; i < 3; i++) {
		note(run, "try: %s",
			error_name(run->calls->pthread_rwlock_trywrlock(&lock)));
		rwlock_unlock(run, &lock);
	}
	code(run, "trywrlock", enter(run)->pthread_rwlock_trywrlock(&lock));
	rwlock_end(run, &lock);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		FOR_ALL_SORTS("everybody gets through", everybody_gets_through),
		FOR_ALL_SORTS("from a reader on", from_a_reader_on),
		{"as often as locked", as_often_as_locked},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_rwlock_unlock");
}
