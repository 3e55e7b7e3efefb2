/* pthread_setschedparam.c - pthread_setschedparam(3) through libc and through its
 * mirror. */
#include "harness/gate.h"
#include "harness/scenario.h"
#include "harness/scheduling.h"

#include <sched.h>

static void what_was_set_is_told(struct run *run)
{
	struct gate gate;

	gate_start(run, &gate);
	await_flag(run, &gate.arrived);
	set_policy(run, gate.thread, SCHED_BATCH, 0);
	note_policy(run, gate.thread);
	set_policy(run, gate.thread, SCHED_OTHER, 0);
	note_policy(run, gate.thread);
	note_policy(run, run->calls->pthread_self());
	gate_finish(&gate);
}

static void malformed(struct run *run)
{
	struct gate gate;

	gate_start(run, &gate);
	await_flag(run, &gate.arrived);
	set_policy(run, gate.thread, SCHED_OTHER, 1);
	set_policy(run, gate.thread, SCHED_OTHER, -1);
	set_policy(run, gate.thread, 77, 0);
	set_policy(run, gate.thread, -1, 0);
	set_policy(run, gate.thread, SCHED_FIFO, 0);
	set_policy(run, gate.thread, SCHED_FIFO, 1000);
	note_policy(run, gate.thread);
	gate_finish(&gate);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"what was set is told", what_was_set_is_told},
		{"malformed", malformed},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_setschedparam");
}
