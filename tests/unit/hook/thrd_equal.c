/* thrd_equal.c - thrd_equal(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

static int hand_over(void *arg)
{
	(void)arg;
	return 0;
}

static void two(struct run *run)
{
	const struct calls *calls = run->calls;
	thrd_t a = thread_start(run, hand_over, NULL);
	thrd_t b = thread_start(run, hand_over, NULL);
	thrd_t me = calls->thrd_current();

	note(run, "%d %d %d %d", !!calls->thrd_equal(a, a), !!calls->thrd_equal(a, b),
		!!calls->thrd_equal(me, calls->thrd_current()),
		!!calls->thrd_equal(me, b));
	thread_end(run, a);
	thread_end(run, b);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"two", two},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("thrd_equal");
}
