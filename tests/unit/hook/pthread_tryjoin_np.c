/* pthread_tryjoin_np.c - pthread_tryjoin_np(3) through libc and through its mirror. */
#include "harness/gate.h"
#include "harness/scenario.h"

#include <errno.h>

static void before_and_after_the_end(struct run *run)
{
	struct gate gate;
	void *value = NULL;
	int error;

	gate_start(run, &gate);
	code(run, "tryjoin", enter(run)->pthread_tryjoin_np(gate.thread, &value));
	took_no_wait(run);
	gate_open(&gate);
	await_flag(run, &gate.done);
	while ((error = run->calls->pthread_tryjoin_np(gate.thread, &value)) == EBUSY)
		run->calls->usleep(50);
	note(run, "%s", error_name(error));
	check(run, value == &gate);
}

static void a_detached_one(struct run *run)
{
	struct gate gate;

	gate_start(run, &gate);
	check(run, run->calls->pthread_detach(gate.thread) == 0);
	note(run, "refused: %d", enter(run)->pthread_tryjoin_np(gate.thread, NULL) != 0);
	gate_open(&gate);
	await_flag(run, &gate.done);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"before and after the end", before_and_after_the_end},
		{"a detached one", a_detached_one},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_tryjoin_np");
}
