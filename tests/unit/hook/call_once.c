/* call_once.c - call_once(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

static struct run *my_run;
static once_flag flag;
static atomic_int begun, done;

/* Others come meanwhile. */
static void initialise(void)
{
	atomic_fetch_add(&begun, 1);
	my_run->calls->usleep(2000);
	atomic_fetch_add(&done, 1);
}

static int use(void *arg)
{
	(void)arg;
	my_run->calls->call_once(&flag, initialise);
	return atomic_load(&done);
}

static void several_come(struct run *run)
{
	thrd_t threads[6];
	int i;

	my_run = run;
	flag = (once_flag)ONCE_FLAG_INIT;
	atomic_store(&begun, 0);
	atomic_store(&done, 0);
	for (i = 0; i < 6; i++)
		threads[i] = thread_start(run, use, NULL);
	enter(run)->call_once(&flag, initialise);
	code(run, "called", 0);
	note(run, "done %d", atomic_load(&done));
	for (i = 0; i < 6; i++)
		note(run, "done %d", thread_end(run, threads[i]));
	note(run, "begun %d", atomic_load(&begun));
	enter(run)->call_once(&flag, initialise);
	code(run, "called", 0);
	took_no_wait(run);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"several come", several_come},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("call_once");
}
