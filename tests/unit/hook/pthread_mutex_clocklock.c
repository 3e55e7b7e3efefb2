/* pthread_mutex_clocklock.c - pthread_mutex_clocklock(3) through libc and through its
 * mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

#include <errno.h>
#include <time.h>

struct held {
	pthread_mutex_t mutex;
	atomic_bool taken, let_go;
};

static void lock_until(
	struct run *run, pthread_mutex_t *mutex, clockid_t clock, struct timespec until)
{
	code(run, "clocklock", enter(run)->pthread_mutex_clocklock(mutex, clock, &until));
}

static void hold(struct mate *mate)
{
	struct held *held = mate->arg;

	mate->calls->pthread_mutex_lock(&held->mutex);
	atomic_store(&held->taken, true);
	await_flag(mate->run, &held->let_go);
	mate->calls->pthread_mutex_unlock(&held->mutex);
}

static void hold_until_waited_for(struct mate *mate)
{
	struct held *held = mate->arg;

	mate->calls->pthread_mutex_lock(&held->mutex);
	atomic_store(&held->taken, true);
	mate->outcome = spot_blocked(mate->run, &mate->run->spot);
	mate->calls->pthread_mutex_unlock(&held->mutex);
}

/* KIND is the clock. */
static void time_is_up(struct run *run)
{
	struct held held = {.mutex = PTHREAD_MUTEX_INITIALIZER};
	struct mate mate = {.act = hold, .arg = &held};
	struct timespec until;

	mate_start(run, &mate);
	await_flag(run, &held.taken);
	until = time_in(run->kind, 30);
	lock_until(run, &held.mutex, run->kind, until);
	came_after(run, run->kind, until);
	lock_until(run, &held.mutex, run->kind, time_in(run->kind, -1000));
	lock_until(run, &held.mutex, run->kind, (struct timespec){-5, 0});
	atomic_store(&held.let_go, true);
	mate_join(&mate);
	lock_until(run, &held.mutex, run->kind, time_in(run->kind, 30));
	code(run, "unlock", run->calls->pthread_mutex_unlock(&held.mutex));
}

static void in_time(struct run *run)
{
	struct held held = {.mutex = PTHREAD_MUTEX_INITIALIZER};
	struct mate mate = {
		.act = hold_until_waited_for, .arg = &held, .sort = run->kind};

	mate_start(run, &mate);
	await_flag(run, &held.taken);
	spot_reset(&run->spot);
	lock_until(run, &held.mutex, CLOCK_MONOTONIC, time_in(CLOCK_MONOTONIC, 60000));
	mate_join(&mate);
	note(run, "mate: %ld", mate.outcome);
	code(run, "unlock", run->calls->pthread_mutex_unlock(&held.mutex));
}

/* A bad clock is refused at once, a bad time only where there is something to wait for.
 */
static void what_is_bad(struct run *run)
{
	struct held held = {.mutex = PTHREAD_MUTEX_INITIALIZER};
	struct mate mate = {.act = hold, .arg = &held};
	const struct timespec bad = {1, 1000000000}, good = {1, 0};

	lock_until(run, &held.mutex, CLOCK_PROCESS_CPUTIME_ID, good);
	lock_until(run, &held.mutex, CLOCK_MONOTONIC, bad);
	code(run, "unlock", run->calls->pthread_mutex_unlock(&held.mutex));
	mate_start(run, &mate);
	await_flag(run, &held.taken);
	lock_until(run, &held.mutex, CLOCK_MONOTONIC, bad);
	took_no_wait(run);
	atomic_store(&held.let_go, true);
	mate_join(&mate);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"time is up (realtime)", time_is_up, CLOCK_REALTIME},
		{"time is up (monotonic)", time_is_up, CLOCK_MONOTONIC},
		FOR_ALL_SORTS("in time", in_time),
		{"what is bad", what_is_bad},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_mutex_clocklock");
}
