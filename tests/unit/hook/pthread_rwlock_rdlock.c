/* pthread_rwlock_rdlock.c - pthread_rwlock_rdlock(3) through libc and through its
 * mirror. */
#include "harness/rwlocking.h"
#include "harness/scenario.h"

static int take(const struct calls *calls, pthread_rwlock_t *lock)
{
	return calls->pthread_rwlock_rdlock(lock);
}

static void take_lock(struct run *run, pthread_rwlock_t *lock)
{
	code(run, "rdlock", enter(run)->pthread_rwlock_rdlock(lock));
}

static void write_and_unlock(struct mate *mate)
{
	mate->outcome =
		mate_leave(mate, mate_enter(mate)->pthread_rwlock_wrlock(mate->arg));
	mate->outcome += mate->calls->pthread_rwlock_unlock(mate->arg);
}

/* Of this kind a reader may come again, whatever waits. */
static void again_and_again(struct run *run)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
	struct mate writer = {.act = write_and_unlock, .arg = &lock, .sort = run->kind};
	int i;

	take_lock(run, &lock);
	mate_start(run, &writer);
	check(run, mate_blocked(&writer));
	for (i = 0; i < 10; i++)
		take_lock(run, &lock);
	took_no_wait(run);
	for (i = 0; i < 10; i++)
		rwlock_unlock(run, &lock);
	check(run, !atomic_load(&writer.done));
	rwlock_unlock(run, &lock);
	mate_join(&writer);
	note(run, "writer: %ld", writer.outcome);
	code(run, "destroy", run->calls->pthread_rwlock_destroy(&lock));
}

static void read_and_unlock(struct mate *mate)
{
	mate->outcome =
		mate_leave(mate, mate_enter(mate)->pthread_rwlock_rdlock(mate->arg));
	mate->outcome += mate->calls->pthread_rwlock_unlock(mate->arg);
}

/* KIND is the sort of the reader that comes after a writer. */
static void held_off(struct run *run)
{
	pthread_rwlock_t lock;
	struct mate writer = {.act = write_and_unlock, .arg = &lock};
	struct mate reader = {.act = read_and_unlock, .arg = &lock, .sort = run->kind};

	rwlock_make(run, &lock, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	take_lock(run, &lock);
	mate_start(run, &writer);
	check(run, mate_blocked(&writer));
	note(run, "try: %s", error_name(run->calls->pthread_rwlock_tryrdlock(&lock)));
	mate_start(run, &reader);
	check(run, mate_blocked(&reader));
	rwlock_unlock(run, &lock);
	mate_join(&writer);
	mate_join(&reader);
	note(run, "%ld %ld", writer.outcome, reader.outcome);
	code(run, "destroy", run->calls->pthread_rwlock_destroy(&lock));
}

static void write_in_time(struct mate *mate)
{
	struct timespec until = time_in(CLOCK_REALTIME, 100);

	mate->outcome = mate_leave(
		mate, mate_enter(mate)->pthread_rwlock_timedwrlock(mate->arg, &until));
}

/* The writer gives up, while the lock is still being read. */
static void no_longer_held_off(struct run *run)
{
	pthread_rwlock_t lock;
	struct mate writer = {.act = write_in_time, .arg = &lock};
	struct mate reader = {.act = read_and_unlock, .arg = &lock, .sort = run->kind};

	rwlock_make(run, &lock, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
	take_lock(run, &lock);
	mate_start(run, &writer);
	mate_blocked(&writer);
	mate_start(run, &reader);
	mate_join(&writer);
	mate_join(&reader);
	note(run, "%s, %ld", error_name((int)writer.outcome), reader.outcome);
	take_lock(run, &lock);
	took_no_wait(run);
	rwlock_unlock(run, &lock);
	rwlock_end(run, &lock);
}

int main(void)
{
	static const struct rwlocking verb = {take, NULL, false};
	static const struct scenario scenarios[] = {
		FOR_ALL_SORTS("again and again", again_and_again),
		FOR_OUR_SORTS("held off", held_off),
		FOR_OUR_SORTS("no longer held off", no_longer_held_off),
	};

	rwlocking_add(&verb);
	suite_add(scenarios, COUNT(scenarios), &verb);
	return suite_run("pthread_rwlock_rdlock");
}
