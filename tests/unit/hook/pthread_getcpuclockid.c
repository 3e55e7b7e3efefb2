/* pthread_getcpuclockid.c - pthread_getcpuclockid(3) through libc and through its
 * mirror. */
#include "harness/gate.h"
#include "harness/scenario.h"

#include <time.h>

static void get(struct run *run, pthread_t thread)
{
	struct timespec spent = {-1, -1};
	clockid_t clock;

	code(run, "getcpuclockid", enter(run)->pthread_getcpuclockid(thread, &clock));
	took_no_wait(run);
	check(run, clock_gettime(clock, &spent) == 0 && spent.tv_sec >= 0);
}

static void of_oneself_and_another(struct run *run)
{
	struct gate gate;

	get(run, run->calls->pthread_self());
	gate_start(run, &gate);
	await_flag(run, &gate.arrived);
	get(run, gate.thread);
	gate_finish(&gate);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"of oneself and another", of_oneself_and_another},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_getcpuclockid");
}
