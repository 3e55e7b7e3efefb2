/* pthread_rwlock_clockrdlock.c - pthread_rwlock_clockrdlock(3) through libc and
 * through its mirror. */
#include "harness/rwlocking.h"
#include "harness/scenario.h"

static int take(const struct calls *calls, pthread_rwlock_t *lock)
{
	struct timespec until = time_in(CLOCK_MONOTONIC, 60000);

	return calls->pthread_rwlock_clockrdlock(lock, CLOCK_MONOTONIC, &until);
}

static int take_until(const struct calls *calls, pthread_rwlock_t *lock, clockid_t clock,
	const struct timespec *until)
{
	return calls->pthread_rwlock_clockrdlock(lock, clock, until);
}

static void by_the_monotonic_clock(struct run *run)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
	struct rwholder holder = {.writes = true};
	struct timespec until;

	rwholder_start(run, &holder, &lock, OWN);
	until = time_in(CLOCK_MONOTONIC, 30);
	code(run, "clockrdlock", take_until(enter(run), &lock, CLOCK_MONOTONIC, &until));
	took(run, 20);
	came_after(run, CLOCK_MONOTONIC, until);
	rwholder_end(&holder);
	code(run, "destroy", run->calls->pthread_rwlock_destroy(&lock));
}

/* Clocks are looked at even when nobody has the lock. */
static void bad_clocks(struct run *run)
{
	static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC,
		CLOCK_BOOTTIME, CLOCK_PROCESS_CPUTIME_ID, 99, -1};
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
	const struct timespec until = {1, 0};
	size_t i;

	for (i = 0; i < COUNT(clocks); i++)
		if (code(run, "clockrdlock",
			    take_until(enter(run), &lock, clocks[i], &until)) == 0)
			rwlock_unlock(run, &lock);
	took_no_wait(run);
}

int main(void)
{
	static const struct rwlocking verb = {take, take_until, false};
	static const struct scenario scenarios[] = {
		{"by the monotonic clock", by_the_monotonic_clock},
		{"bad clocks", bad_clocks},
	};

	rwlocking_add_timed(&verb);
	suite_add(scenarios, COUNT(scenarios), &verb);
	return suite_run("pthread_rwlock_clockrdlock");
}
