/* thrd_create.c - thrd_create(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

#include <limits.h>

enum { MANY = 20 };

static int negate(void *arg)
{
	return -*(int *)arg;
}

static void arguments_and_results(struct run *run)
{
	static const int values[] = {0, 1, -1, 77, INT_MAX, INT_MIN + 1};
	thrd_t thread;
	int value, result = -2;
	size_t i;

	for (i = 0; i < COUNT(values); i++) {
		value = values[i];
		status(run, "create", enter(run)->thrd_create(&thread, negate, &value));
		status(run, "join", run->calls->thrd_join(thread, &result));
		note(run, "result %d", result);
	}
}

static int count(void *arg)
{
	return atomic_fetch_add((atomic_int *)arg, 1);
}

static void many(struct run *run)
{
	static atomic_int counter;
	thrd_t threads[MANY];
	int i, sum = 0;

	atomic_store(&counter, 0);
	for (i = 0; i < MANY; i++)
		threads[i] = thread_start(run, count, &counter);
	for (i = 0; i < MANY; i++)
		sum += thread_end(run, threads[i]);
	note(run, "%d, %d", sum, atomic_load(&counter));
}

static struct run *my_run;

static int look_at_myself(void *arg)
{
	return my_run->calls->thrd_equal(my_run->calls->thrd_current(), *(thrd_t *)arg);
}

/* The id is there before the thread runs. */
static void id(struct run *run)
{
	static thrd_t thread;

	my_run = run;
	check(run, run->calls->thrd_create(&thread, look_at_myself, &thread) ==
			   thrd_success);
	note(run, "its own: %d", thread_end(run, thread));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"arguments and results", arguments_and_results},
		{"many", many},
		{"id", id},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("thrd_create");
}
