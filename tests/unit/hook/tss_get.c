/* tss_get.c - tss_get(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

static struct run *my_run;
static tss_t key;

static int get_none(void *arg)
{
	(void)arg;
	return my_run->calls->tss_get(key) == NULL;
}

static void nothing_yet(struct run *run)
{
	int value;

	my_run = run;
	status(run, "create", enter(run)->tss_create(&key, NULL));
	note(run, "none %d", run->calls->tss_get(key) == NULL);
	status(run, "set", enter(run)->tss_set(key, &value));
	note(run, "mine %d", run->calls->tss_get(key) == &value);
	note(run, "another's %d", thread_end(run, thread_start(run, get_none, NULL)));
	run->calls->tss_delete(key);
	note(run, "deleted %d", run->calls->tss_get(key) == NULL);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"nothing yet", nothing_yet},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("tss_get");
}
