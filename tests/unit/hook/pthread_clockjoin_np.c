/* pthread_clockjoin_np.c - pthread_clockjoin_np(3) through libc and through its
 * mirror. */
#include "harness/gate.h"
#include "harness/scenario.h"

#include <errno.h>

static void join_by(
	struct run *run, const struct gate *gate, clockid_t clock, struct timespec until)
{
	code(run, "clockjoin",
		enter(run)->pthread_clockjoin_np(gate->thread, NULL, clock, &until));
}

/* KIND is the clock. */
static void time_is_up(struct run *run)
{
	struct timespec until;
	struct gate gate;

	gate_start(run, &gate);
	until = time_in(run->kind, 30);
	join_by(run, &gate, run->kind, until);
	came_after(run, run->kind, until);
	join_by(run, &gate, run->kind, time_in(run->kind, -30));
	gate_finish(&gate);
}

static void in_time(struct run *run)
{
	struct gate gate;

	gate_start(run, &gate);
	gate_open(&gate);
	join_by(run, &gate, run->kind, time_in(run->kind, 60000));
}

static void other_clocks(struct run *run)
{
	struct gate gate;

	gate_start(run, &gate);
	join_by(run, &gate, CLOCK_PROCESS_CPUTIME_ID, time_in(CLOCK_REALTIME, 30));
	join_by(run, &gate, 12345, time_in(CLOCK_REALTIME, 30));
	took_no_wait(run);
	gate_finish(&gate);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"time is up (realtime)", time_is_up, CLOCK_REALTIME},
		{"time is up (monotonic)", time_is_up, CLOCK_MONOTONIC},
		{"in time (realtime)", in_time, CLOCK_REALTIME},
		{"in time (monotonic)", in_time, CLOCK_MONOTONIC},
		{"other clocks", other_clocks},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_clockjoin_np");
}
