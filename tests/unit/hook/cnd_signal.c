/* cnd_signal.c - cnd_signal(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

/* As many as there were signals. */
static void one_by_one(struct run *run)
{
	struct crossing crossing;
	thrd_t threads[4];
	size_t i;

	crossing_init(run, &crossing);
	for (i = 0; i < COUNT(threads); i++)
		threads[i] = crossing_come(run, &crossing);
	for (i = 0; i < COUNT(threads); i++)
		crossing_wake(run, &crossing, 1, run->calls->cnd_signal);
	for (i = 0; i < COUNT(threads); i++)
		check(run, thread_end(run, threads[i]) == 0);
	crossing_fini(run, &crossing);
}

static void nobody_waits(struct run *run)
{
	struct crossing crossing;

	crossing_init(run, &crossing);
	status(run, "signal", enter(run)->cnd_signal(&crossing.cond));
	took_no_wait(run);
	crossing_fini(run, &crossing);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"one by one", one_by_one},
		{"nobody waits", nobody_waits},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("cnd_signal");
}
