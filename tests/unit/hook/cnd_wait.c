/* cnd_wait.c - cnd_wait(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

static int signal_when_waited_for(void *arg)
{
	struct crossing *crossing = arg;
	struct run *run = crossing->run;
	int bad = !spot_blocked(run, &run->spot);

	bad += run->calls->mtx_lock(&crossing->mutex) != thrd_success;
	crossing->tickets++;
	bad += run->calls->cnd_signal(&crossing->cond) != thrd_success;
	bad += run->calls->mtx_unlock(&crossing->mutex) != thrd_success;
	return bad;
}

static void signalled(struct run *run)
{
	struct crossing crossing;
	thrd_t thread;

	crossing_init(run, &crossing);
	status(run, "lock", run->calls->mtx_lock(&crossing.mutex));
	spot_reset(&run->spot);
	thread = thread_start(run, signal_when_waited_for, &crossing);
	while (!crossing.tickets)
		status(run, "wait",
			enter(run)->cnd_wait(&crossing.cond, &crossing.mutex));
	status(run, "unlock", run->calls->mtx_unlock(&crossing.mutex));
	note(run, "signaller: %d", thread_end(run, thread));
	crossing_fini(run, &crossing);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"signalled", signalled},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("cnd_wait");
}
