/* pthread_getschedparam.c - pthread_getschedparam(3) through libc and through its
 * mirror. */
#include "harness/gate.h"
#include "harness/scenario.h"
#include "harness/scheduling.h"

#include <sched.h>

static void of_oneself_and_a_newborn(struct run *run)
{
	struct gate gate;

	note_policy(run, run->calls->pthread_self());
	gate_start(run, &gate);
	await_flag(run, &gate.arrived);
	note_policy(run, gate.thread);
	gate_finish(&gate);
}

/* A thread is born with its maker's. */
static void inherited(struct run *run)
{
	struct gate gate;

	set_policy(run, run->calls->pthread_self(), SCHED_BATCH, 0);
	note_policy(run, run->calls->pthread_self());
	gate_start(run, &gate);
	await_flag(run, &gate.arrived);
	note_policy(run, gate.thread);
	gate_finish(&gate);
	set_policy(run, run->calls->pthread_self(), SCHED_OTHER, 0);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"of oneself and a newborn", of_oneself_and_a_newborn},
		{"inherited", inherited},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_getschedparam");
}
