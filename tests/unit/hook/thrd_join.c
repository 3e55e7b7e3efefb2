/* thrd_join.c - thrd_join(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

static atomic_bool finished;

static int finish(void *arg)
{
	(void)arg;
	atomic_store(&finished, true);
	return 5;
}

static void it_has_ended(struct run *run)
{
	thrd_t thread;
	int result = 0;

	atomic_store(&finished, false);
	thread = thread_start(run, finish, NULL);
	await_flag(run, &finished);
	status(run, "join", enter(run)->thrd_join(thread, &result));
	note(run, "result %d", result);
	thread = thread_start(run, finish, NULL);
	status(run, "join", enter(run)->thrd_join(thread, NULL));
}

static int finish_when_waited_for(void *arg)
{
	struct run *run = arg;

	return spot_blocked(run, &run->spot) ? 6 : 7;
}

static void it_has_not(struct run *run)
{
	thrd_t thread;
	int result = 0;

	spot_reset(&run->spot);
	thread = thread_start(run, finish_when_waited_for, run);
	status(run, "join", enter(run)->thrd_join(thread, &result));
	note(run, "result %d", result);
}

/* Made by foreign code. */
static void an_os_thread(struct run *run)
{
	thrd_t thread;
	int result = 0;

	spot_reset(&run->spot);
	check(run, thrd_create(&thread, finish_when_waited_for, run) == thrd_success);
	status(run, "join", enter(run)->thrd_join(thread, &result));
	note(run, "result %d", result);
}

static void myself(struct run *run)
{
	status(run, "join", enter(run)->thrd_join(run->calls->thrd_current(), NULL));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"it has ended", it_has_ended},
		{"it has not", it_has_not},
		{"an OS thread", an_os_thread},
		{"myself", myself},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("thrd_join");
}
