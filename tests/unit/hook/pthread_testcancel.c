/* pthread_testcancel.c - pthread_testcancel(3) through libc and through its mirror. */
#include "harness/cancellee.h"
#include "harness/scenario.h"

static void nobody_asked(struct run *run)
{
	int i;

	for (i = 0; i < 10; i++)
		run->calls->pthread_testcancel();
	enter(run)->pthread_testcancel();
	result(run, "testcancel", 0);
	took_no_wait(run);
}

static void test(struct cancellee *me)
{
	cancellee_await_request(me);
	cancellee_step(me, 't');
	me->run->calls->pthread_testcancel();
	cancellee_step(me, '!');
}

static void somebody_asked(struct run *run)
{
	cancellee_run(run, test);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"nobody asked", nobody_asked},
		{"somebody asked", somebody_asked},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_testcancel");
}
