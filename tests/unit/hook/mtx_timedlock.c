/* mtx_timedlock.c - mtx_timedlock(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

struct held {
	mtx_t mutex;
	atomic_bool taken, let_go;
};

static void hold(struct mate *mate)
{
	struct held *held = mate->arg;

	mate->outcome = mate->calls->mtx_lock(&held->mutex);
	atomic_store(&held->taken, true);
	await_flag(mate->run, &held->let_go);
	mate->outcome += mate->calls->mtx_unlock(&held->mutex);
}

static void lock_until(struct run *run, mtx_t *mutex, struct timespec until)
{
	status(run, "timedlock", enter(run)->mtx_timedlock(mutex, &until));
}

static void time_is_up(struct run *run)
{
	struct held held = {.taken = false};
	struct mate mate = {.act = hold, .arg = &held, .sort = run->kind};
	struct timespec until;

	check(run, run->calls->mtx_init(&held.mutex, mtx_timed) == thrd_success);
	mate_start(run, &mate);
	await_flag(run, &held.taken);
	until = time_in(CLOCK_REALTIME, 30);
	lock_until(run, &held.mutex, until);
	took(run, 20);
	came_after(run, CLOCK_REALTIME, until);
	lock_until(run, &held.mutex, (struct timespec){1, 1000000000});
	atomic_store(&held.let_go, true);
	mate_join(&mate);
	lock_until(run, &held.mutex, time_in(CLOCK_REALTIME, 60000));
	took_no_wait(run);
	status(run, "unlock", run->calls->mtx_unlock(&held.mutex));
	run->calls->mtx_destroy(&held.mutex);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		FOR_ALL_SORTS("time is up", time_is_up),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("mtx_timedlock");
}
