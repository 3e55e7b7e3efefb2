/* cnd_broadcast.c - cnd_broadcast(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

static void all_at_once(struct run *run)
{
	struct crossing crossing;
	thrd_t threads[5];
	size_t i;

	crossing_init(run, &crossing);
	for (i = 0; i < COUNT(threads); i++)
		threads[i] = crossing_come(run, &crossing);
	crossing_wake(run, &crossing, COUNT(threads), run->calls->cnd_broadcast);
	for (i = 0; i < COUNT(threads); i++)
		check(run, thread_end(run, threads[i]) == 0);
	crossing_fini(run, &crossing);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"all at once", all_at_once},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("cnd_broadcast");
}
