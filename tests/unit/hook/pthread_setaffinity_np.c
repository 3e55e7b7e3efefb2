/* pthread_setaffinity_np.c - pthread_setaffinity_np(3) through libc and through its
 * mirror. */
#include "harness/gate.h"
#include "harness/scenario.h"

#include <sched.h>
#include <string.h>

static cpu_set_t first_allowed(void)
{
	cpu_set_t allowed, first;
	int i;

	sched_getaffinity(0, sizeof(allowed), &allowed);
	CPU_ZERO(&first);
	for (i = 0; i < CPU_SETSIZE && !CPU_ISSET(i, &allowed); i++)
		;
	CPU_SET(i, &first);
	return first;
}

static void set(struct run *run, pthread_t thread, const cpu_set_t *cpus, size_t size)
{
	code(run, "setaffinity", enter(run)->pthread_setaffinity_np(thread, size, cpus));
	took_no_wait(run);
}

static void note_count(struct run *run, pthread_t thread)
{
	cpu_set_t now;

	memset(&now, 0xff, sizeof(now));
	code(run, "getaffinity",
		run->calls->pthread_getaffinity_np(thread, sizeof(now), &now));
	note(run, "processors: %d", CPU_COUNT(&now));
}

static void to_one_processor(struct run *run)
{
	const cpu_set_t one = first_allowed();
	struct gate gate;

	gate_start(run, &gate);
	await_flag(run, &gate.arrived);
	set(run, gate.thread, &one, sizeof(one));
	note_count(run, gate.thread);
	gate_finish(&gate);
}

static void to_none(struct run *run)
{
	struct gate gate;
	cpu_set_t none;

	CPU_ZERO(&none);
	gate_start(run, &gate);
	await_flag(run, &gate.arrived);
	set(run, gate.thread, &none, sizeof(none));
	set(run, gate.thread, nowhere(), sizeof(none));
	gate_finish(&gate);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"to one processor", to_one_processor},
		{"to none", to_none},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_setaffinity_np");
}
