/* pthread_getaffinity_np.c - pthread_getaffinity_np(3) through libc and through its
 * mirror. */
#include "harness/gate.h"
#include "harness/scenario.h"

#include <sched.h>
#include <string.h>

static void get(struct run *run, pthread_t thread, size_t size)
{
	cpu_set_t now;
	int error;

	memset(&now, 0xff, sizeof(now));
	error = code(run, "getaffinity",
		enter(run)->pthread_getaffinity_np(thread, size, &now));
	took_no_wait(run);
	if (!error)
		note(run, "processors: %d", CPU_COUNT_S(size, &now));
}

static void of_oneself_and_another(struct run *run)
{
	struct gate gate;

	get(run, run->calls->pthread_self(), sizeof(cpu_set_t));
	gate_start(run, &gate);
	await_flag(run, &gate.arrived);
	get(run, gate.thread, sizeof(cpu_set_t));
	gate_finish(&gate);
}

static void little_room(struct run *run)
{
	struct gate gate;

	gate_start(run, &gate);
	await_flag(run, &gate.arrived);
	get(run, gate.thread, 0);
	get(run, gate.thread, 3);
	get(run, gate.thread, 8);
	gate_finish(&gate);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"of oneself and another", of_oneself_and_another},
		{"little room", little_room},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_getaffinity_np");
}
