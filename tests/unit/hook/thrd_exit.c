/* thrd_exit.c - thrd_exit(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

#include <stdlib.h>

static struct run *my_run;

static void __attribute__((noinline)) leave_from_below(int result)
{
	my_run->calls->thrd_exit(result);
	abort();
}

static int leave_early(void *arg)
{
	leave_from_below(*(int *)arg);
	return 0;
}

static void with_a_result(struct run *run)
{
	static const int values[] = {0, -1, 42};
	int i, value;

	my_run = run;
	for (i = 0; i < 3; i++) {
		value = values[i];
		note(run, "result %d",
			thread_end(run, thread_start(run, leave_early, &value)));
	}
}

static atomic_int destroyed;

static void destroy(void *value)
{
	atomic_fetch_add(&destroyed, *(int *)value);
}

static tss_t key;

static int leave_a_value(void *arg)
{
	my_run->calls->tss_set(key, arg);
	my_run->calls->thrd_exit(1);
	abort();
}

static void destructors_run(struct run *run)
{
	int value = 9;

	my_run = run;
	atomic_store(&destroyed, 0);
	check(run, run->calls->tss_create(&key, destroy) == thrd_success);
	thread_end(run, thread_start(run, leave_a_value, &value));
	note(run, "destroyed %d", atomic_load(&destroyed));
	run->calls->tss_delete(key);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"with a result", with_a_result},
		{"destructors run", destructors_run},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("thrd_exit");
}
