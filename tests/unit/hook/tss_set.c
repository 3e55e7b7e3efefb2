/* tss_set.c - tss_set(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

static struct run *my_run;
static tss_t key;

/* It keeps its own over waits. */
static int set_and_get(void *arg)
{
	const struct calls *calls = my_run->calls;
	int i, bad = 0;

	for (i = 0; i < 10; i++) {
		bad += calls->tss_set(key, (char *)arg + i) != thrd_success;
		calls->usleep(50);
		bad += calls->tss_get(key) != (char *)arg + i;
	}
	return bad;
}

static void each_its_own(struct run *run)
{
	static char places[5][16];
	thrd_t threads[5];
	int i;

	my_run = run;
	status(run, "create", enter(run)->tss_create(&key, NULL));
	for (i = 0; i < 5; i++)
		threads[i] = thread_start(run, set_and_get, places[i]);
	status(run, "set", enter(run)->tss_set(key, places));
	for (i = 0; i < 5; i++)
		note(run, "bad %d", thread_end(run, threads[i]));
	note(run, "mine %d", run->calls->tss_get(key) == places);
	run->calls->tss_delete(key);
}

static void no_such_key(struct run *run)
{
	status(run, "set", enter(run)->tss_set(1 << 20, NULL));
	status(run, "set", enter(run)->tss_set(1000, NULL));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"each its own", each_its_own},
		{"no such key", no_such_key},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("tss_set");
}
