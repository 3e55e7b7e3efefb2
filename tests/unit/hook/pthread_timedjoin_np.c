/* pthread_timedjoin_np.c - pthread_timedjoin_np(3) through libc and through its
 * mirror. */
#include "harness/gate.h"
#include "harness/scenario.h"

#include <errno.h>

static int join_until(struct run *run, const struct gate *gate, struct timespec until)
{
	void *value = NULL;
	int error = code(run, "timedjoin",
		enter(run)->pthread_timedjoin_np(gate->thread, &value, &until));

	check(run, error ? value == NULL : value == gate);
	return error;
}

static void time_is_up(struct run *run)
{
	struct timespec until;
	struct gate gate;

	gate_start(run, &gate);
	until = time_in(CLOCK_REALTIME, 30);
	join_until(run, &gate, until);
	came_after(run, CLOCK_REALTIME, until);
	join_until(run, &gate, time_in(CLOCK_REALTIME, -30));
	gate_finish(&gate);
}

static void open_when_blocked(struct mate *mate)
{
	mate->outcome = !spot_blocked(mate->run, &mate->run->spot);
	gate_open(mate->arg);
}

static void in_time(struct run *run)
{
	struct gate gate;
	struct mate mate = {.act = open_when_blocked, .arg = &gate, .sort = run->kind};

	gate_start(run, &gate);
	spot_reset(&run->spot);
	mate_start(run, &mate);
	join_until(run, &gate, time_in(CLOCK_REALTIME, 60000));
	mate_join(&mate);
	note(run, "mate: %ld", mate.outcome);
}

/* What has ended is joined however late it is. */
static void ended_before(struct run *run)
{
	struct gate gate;

	gate_start(run, &gate);
	gate_open(&gate);
	await_flag(run, &gate.done);
	run->calls->usleep(2000);
	join_until(run, &gate, time_in(CLOCK_REALTIME, -30));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"time is up", time_is_up},
		FOR_ALL_SORTS("in time", in_time),
		{"ended before", ended_before},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_timedjoin_np");
}
