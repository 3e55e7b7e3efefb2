/* pthread_setschedprio.c - pthread_setschedprio(3) through libc and through its
 * mirror. */
#include "harness/gate.h"
#include "harness/scenario.h"
#include "harness/scheduling.h"

static void of_another(struct run *run)
{
	struct gate gate;
	int priority;

	gate_start(run, &gate);
	await_flag(run, &gate.arrived);
	for (priority = -1; priority <= 1; priority++) {
		code(run, "setschedprio",
			enter(run)->pthread_setschedprio(gate.thread, priority));
		took_no_wait(run);
		note_policy(run, gate.thread);
	}
	gate_finish(&gate);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"of another", of_another},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_setschedprio");
}
