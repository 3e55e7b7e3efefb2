/* thrd_current.c - thrd_current(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

struct seen {
	struct run *run;
	thrd_t first, second;
};

/* It stays the same over waits. */
static int look(void *arg)
{
	struct seen *seen = arg;
	const struct calls *calls = seen->run->calls;

	seen->first = calls->thrd_current();
	calls->usleep(100);
	seen->second = calls->thrd_current();
	return 0;
}

static void of_several(struct run *run)
{
	struct seen seen[3];
	thrd_t threads[3], me = run->calls->thrd_current();
	int i;

	for (i = 0; i < 3; i++) {
		seen[i].run = run;
		threads[i] = thread_start(run, look, &seen[i]);
	}
	for (i = 0; i < 3; i++) {
		thread_end(run, threads[i]);
		note(run, "%d %d %d", seen[i].first == threads[i],
			seen[i].second == threads[i], seen[i].first == me);
	}
	note(run, "main: %d", run->calls->thrd_current() == me);
	note(run, "pthread_self: %d", (pthread_t)me == run->calls->pthread_self());
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"of several", of_several},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("thrd_current");
}
