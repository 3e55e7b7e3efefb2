/* cnd_timedwait.c - cnd_timedwait(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

static int signal_when_waited_for(void *arg)
{
	struct crossing *crossing = arg;
	struct run *run = crossing->run;
	int bad = !spot_blocked(run, &run->spot);

	bad += run->calls->mtx_lock(&crossing->mutex) != thrd_success;
	crossing->tickets++;
	bad += run->calls->cnd_signal(&crossing->cond) != thrd_success;
	bad += run->calls->mtx_unlock(&crossing->mutex) != thrd_success;
	return bad;
}

static int wait_until(struct run *run, struct crossing *crossing, struct timespec until)
{
	return status(run, "timedwait",
		enter(run)->cnd_timedwait(&crossing->cond, &crossing->mutex, &until));
}

static void signalled_in_time(struct run *run)
{
	struct crossing crossing;
	thrd_t thread;

	crossing_init(run, &crossing);
	status(run, "lock", run->calls->mtx_lock(&crossing.mutex));
	spot_reset(&run->spot);
	thread = thread_start(run, signal_when_waited_for, &crossing);
	while (!crossing.tickets)
		wait_until(run, &crossing, time_in(CLOCK_REALTIME, 60000));
	status(run, "unlock", run->calls->mtx_unlock(&crossing.mutex));
	note(run, "signaller: %d", thread_end(run, thread));
	crossing_fini(run, &crossing);
}

static void time_is_up(struct run *run)
{
	struct timespec until = time_in(CLOCK_REALTIME, 30);
	struct crossing crossing;

	crossing_init(run, &crossing);
	status(run, "lock", run->calls->mtx_lock(&crossing.mutex));
	wait_until(run, &crossing, until);
	came_after(run, CLOCK_REALTIME, until);
	wait_until(run, &crossing, (struct timespec){1, 0});
	wait_until(run, &crossing, (struct timespec){1, 1000000000});
	status(run, "unlock", run->calls->mtx_unlock(&crossing.mutex));
	crossing_fini(run, &crossing);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"signalled in time", signalled_in_time},
		{"time is up", time_is_up},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("cnd_timedwait");
}
