/* thrd_yield.c - thrd_yield(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

struct pair {
	struct run *run;
	atomic_int turns;
};

enum { TURNS = 50 };

/* Each waits for the other, without a call but this. */
static int play(void *arg)
{
	struct pair *pair = arg;
	int i;

	for (i = 0; i < TURNS; i++) {
		while (atomic_load(&pair->turns) % 2 == 0)
			pair->run->calls->thrd_yield();
		atomic_fetch_add(&pair->turns, 1);
	}
	return 0;
}

static void in_turn(struct run *run)
{
	struct pair pair = {.run = run};
	thrd_t thread = thread_start(run, play, &pair);
	int i;

	for (i = 0; i < TURNS; i++) {
		while (atomic_load(&pair.turns) % 2 == 1)
			run->calls->thrd_yield();
		atomic_fetch_add(&pair.turns, 1);
	}
	thread_end(run, thread);
	note(run, "turns: %d", atomic_load(&pair.turns));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"in turn", in_turn},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("thrd_yield");
}
