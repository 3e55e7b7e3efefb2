/* pthread_mutex_timedlock.c - pthread_mutex_timedlock(3) through libc and through its
 * mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

#include <errno.h>
#include <time.h>

static void lock_until(struct run *run, pthread_mutex_t *mutex, struct timespec until)
{
	code(run, "timedlock", enter(run)->pthread_mutex_timedlock(mutex, &until));
}

struct held {
	pthread_mutex_t mutex;
	atomic_bool taken, let_go;
};

static void hold(struct mate *mate)
{
	struct held *held = mate->arg;

	mate->outcome = mate->calls->pthread_mutex_lock(&held->mutex);
	atomic_store(&held->taken, true);
	await_flag(mate->run, &held->let_go);
	mate->outcome += mate->calls->pthread_mutex_unlock(&held->mutex);
}

static void hold_until_waited_for(struct mate *mate)
{
	struct held *held = mate->arg;

	mate->outcome = mate->calls->pthread_mutex_lock(&held->mutex);
	atomic_store(&held->taken, true);
	mate->outcome += !spot_blocked(mate->run, &mate->run->spot);
	mate->outcome += mate->calls->pthread_mutex_unlock(&held->mutex);
}

static void time_is_up(struct run *run)
{
	struct held held = {.mutex = PTHREAD_MUTEX_INITIALIZER};
	struct mate mate = {.act = hold, .arg = &held, .sort = run->kind};
	struct timespec until;

	mate_start(run, &mate);
	await_flag(run, &held.taken);
	until = time_in(CLOCK_REALTIME, 30);
	lock_until(run, &held.mutex, until);
	came_after(run, CLOCK_REALTIME, until);
	lock_until(run, &held.mutex, time_in(CLOCK_REALTIME, -1000));
	lock_until(run, &held.mutex, (struct timespec){0, 0});
	lock_until(run, &held.mutex, (struct timespec){-5, 0});
	atomic_store(&held.let_go, true);
	mate_join(&mate);
	lock_until(run, &held.mutex, time_in(CLOCK_REALTIME, 30));
	code(run, "unlock", run->calls->pthread_mutex_unlock(&held.mutex));
	code(run, "destroy", run->calls->pthread_mutex_destroy(&held.mutex));
}

static void in_time(struct run *run)
{
	struct held held = {.mutex = PTHREAD_MUTEX_INITIALIZER};
	struct mate mate = {
		.act = hold_until_waited_for, .arg = &held, .sort = run->kind};

	mate_start(run, &mate);
	await_flag(run, &held.taken);
	spot_reset(&run->spot);
	lock_until(run, &held.mutex, time_in(CLOCK_REALTIME, 60000));
	mate_join(&mate);
	note(run, "mate: %ld", mate.outcome);
	code(run, "unlock", run->calls->pthread_mutex_unlock(&held.mutex));
}

/* The time is only looked at when there is something to wait for. */
static void malformed_times(struct run *run)
{
	struct held held = {.mutex = PTHREAD_MUTEX_INITIALIZER};
	struct mate mate = {.act = hold, .arg = &held};
	const struct timespec bad = {1, 1000000000}, negative = {1, -1};

	lock_until(run, &held.mutex, bad);
	code(run, "unlock", run->calls->pthread_mutex_unlock(&held.mutex));
	mate_start(run, &mate);
	await_flag(run, &held.taken);
	lock_until(run, &held.mutex, bad);
	lock_until(run, &held.mutex, negative);
	took_no_wait(run);
	atomic_store(&held.let_go, true);
	mate_join(&mate);
}

static void by_the_same_one(struct run *run)
{
	pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
	pthread_mutex_t checking = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
	pthread_mutex_t normal = PTHREAD_MUTEX_INITIALIZER;
	struct timespec until;

	lock_until(run, &recursive, time_in(CLOCK_REALTIME, 20));
	lock_until(run, &recursive, time_in(CLOCK_REALTIME, 20));
	lock_until(run, &checking, time_in(CLOCK_REALTIME, 20));
	lock_until(run, &checking, time_in(CLOCK_REALTIME, 20));
	lock_until(run, &normal, time_in(CLOCK_REALTIME, 20));
	until = time_in(CLOCK_REALTIME, 20);
	lock_until(run, &normal, until);
	came_after(run, CLOCK_REALTIME, until);
	code(run, "unlock", run->calls->pthread_mutex_unlock(&recursive));
	code(run, "unlock", run->calls->pthread_mutex_unlock(&recursive));
	code(run, "unlock", run->calls->pthread_mutex_unlock(&checking));
	code(run, "unlock", run->calls->pthread_mutex_unlock(&normal));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		FOR_ALL_SORTS("time is up", time_is_up),
		FOR_ALL_SORTS("in time", in_time),
		{"malformed times", malformed_times},
		{"by the same one", by_the_same_one},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_mutex_timedlock");
}
