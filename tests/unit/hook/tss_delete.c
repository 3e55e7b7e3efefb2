/* tss_delete.c - tss_delete(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

static struct run *my_run;
static tss_t key;

static atomic_int destroyed;

static void destroy(void *value)
{
	(void)value;
	atomic_fetch_add(&destroyed, 1);
}

static int set_and_delete(void *arg)
{
	int r = my_run->calls->tss_set(key, arg);

	my_run->calls->tss_delete(key);
	return r;
}

/* Nothing is destroyed any more. */
static void with_values(struct run *run)
{
	int value;

	my_run = run;
	atomic_store(&destroyed, 0);
	status(run, "create", enter(run)->tss_create(&key, destroy));
	note(run, "set %d", thread_end(run, thread_start(run, set_and_delete, &value)));
	note(run, "destroyed %d", atomic_load(&destroyed));
	status(run, "set", enter(run)->tss_set(key, &value));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"with values", with_values},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("tss_delete");
}
