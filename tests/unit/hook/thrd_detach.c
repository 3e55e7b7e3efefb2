/* thrd_detach.c - thrd_detach(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

static atomic_bool go, gone;

static int wait_and_go(void *arg)
{
	await_flag(arg, &go);
	atomic_store(&gone, true);
	return 1;
}

static void before_its_end(struct run *run)
{
	thrd_t thread;

	atomic_store(&go, false);
	atomic_store(&gone, false);
	thread = thread_start(run, wait_and_go, run);
	status(run, "detach", enter(run)->thrd_detach(thread));
	atomic_store(&go, true);
	await_flag(run, &gone);
}

static void after_its_end(struct run *run)
{
	thrd_t thread;

	atomic_store(&go, true);
	atomic_store(&gone, false);
	thread = thread_start(run, wait_and_go, run);
	await_flag(run, &gone);
	status(run, "detach", enter(run)->thrd_detach(thread));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"before its end", before_its_end},
		{"after its end", after_its_end},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("thrd_detach");
}
