/* tss_create.c - tss_create(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

static struct run *my_run;
static tss_t key;

static atomic_int rounds;

/* It leaves a value again, as often as that is of use. */
static void destroy(void *value)
{
	atomic_fetch_add(&rounds, 1);
	my_run->calls->tss_set(key, value);
}

static int set(void *arg)
{
	return my_run->calls->tss_set(key, arg);
}

static void destructors(struct run *run)
{
	int value;

	my_run = run;
	atomic_store(&rounds, 0);
	status(run, "create", enter(run)->tss_create(&key, destroy));
	note(run, "set %d", thread_end(run, thread_start(run, set, &value)));
	note(run, "rounds %d", atomic_load(&rounds));
	note(run, "set %d", thread_end(run, thread_start(run, set, NULL)));
	note(run, "rounds %d", atomic_load(&rounds));
	run->calls->tss_delete(key);
}

static void too_many(struct run *run)
{
	static tss_t keys[2000];
	int i, n = 0;

	while (n < 2000 && run->calls->tss_create(&keys[n], NULL) == thrd_success)
		n++;
	check(run, n > 100 && n < 2000);
	status(run, "create", enter(run)->tss_create(&key, NULL));
	for (i = 0; i < n; i++)
		run->calls->tss_delete(keys[i]);
	status(run, "create", enter(run)->tss_create(&key, NULL));
	run->calls->tss_delete(key);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"destructors", destructors},
		{"too many", too_many},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("tss_create");
}
