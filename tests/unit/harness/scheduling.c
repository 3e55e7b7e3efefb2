/* scheduling.c - sets and notes how a thread is scheduled. Only what needs no
 * privilege. */
#include "harness/scheduling.h"

#include <sched.h>

void set_policy(struct run *run, pthread_t thread, int policy, int priority)
{
	const struct sched_param param = {priority};

	code(run, "setschedparam",
		enter(run)->pthread_setschedparam(thread, policy, &param));
	took_no_wait(run);
}

void note_policy(struct run *run, pthread_t thread)
{
	struct sched_param param = {-77};
	int policy = -77;

	code(run, "getschedparam",
		enter(run)->pthread_getschedparam(thread, &policy, &param));
	took_no_wait(run);
	note(run, "policy %d, priority %d", policy, param.sched_priority);
}
