/* pthread_cond_init.c - pthread_cond_init(3) through libc and through its mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

#include <string.h>

static void time_out(struct run *run, pthread_cond_t *cond, clockid_t clock)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	struct timespec until = time_in(clock, 20);

	code(run, "lock", run->calls->pthread_mutex_lock(&mutex));
	code(run, "timedwait", enter(run)->pthread_cond_timedwait(cond, &mutex, &until));
	came_after(run, clock, until);
	code(run, "unlock", run->calls->pthread_mutex_unlock(&mutex));
}

/* With the spurious wake-ups that POSIX allows; who waits for other processes has
 * some. */
static void time_out_in_the_end(struct run *run, pthread_cond_t *cond)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	struct timespec until = time_in(CLOCK_REALTIME, 20);
	int r;

	code(run, "lock", run->calls->pthread_mutex_lock(&mutex));
	do
		r = enter(run)->pthread_cond_timedwait(cond, &mutex, &until);
	while (r == 0);
	code(run, "timedwait", r);
	came_after(run, CLOCK_REALTIME, until);
	code(run, "unlock", run->calls->pthread_mutex_unlock(&mutex));
}

/* The memory's former contents do not matter. */
static void no_attributes(struct run *run)
{
	pthread_cond_t cond, fresh = PTHREAD_COND_INITIALIZER;

	memset(&cond, 0xa5, sizeof(cond));
	code(run, "init", enter(run)->pthread_cond_init(&cond, NULL));
	took_no_wait(run);
	time_out(run, &cond, CLOCK_REALTIME);
	time_out(run, &fresh, CLOCK_REALTIME);
	code(run, "destroy", run->calls->pthread_cond_destroy(&cond));
	code(run, "destroy", run->calls->pthread_cond_destroy(&fresh));
}

static void clocks(struct run *run)
{
	static const clockid_t all[] = {CLOCK_REALTIME, CLOCK_MONOTONIC};
	size_t i;

	for (i = 0; i < COUNT(all); i++) {
		pthread_condattr_t attr;
		pthread_cond_t cond;

		pthread_condattr_init(&attr);
		check(run, pthread_condattr_setclock(&attr, all[i]) == 0);
		code(run, "init", enter(run)->pthread_cond_init(&cond, &attr));
		pthread_condattr_destroy(&attr);
		time_out(run, &cond, all[i]);
		code(run, "destroy", run->calls->pthread_cond_destroy(&cond));
	}
}

static void shared_between_processes(struct run *run)
{
	pthread_condattr_t attr;
	pthread_cond_t cond;

	pthread_condattr_init(&attr);
	check(run, pthread_condattr_setpshared(&attr, PTHREAD_PROCESS_SHARED) == 0);
	code(run, "init", enter(run)->pthread_cond_init(&cond, &attr));
	time_out_in_the_end(run, &cond);
	code(run, "destroy", run->calls->pthread_cond_destroy(&cond));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"no attributes", no_attributes},
		{"clocks", clocks},
		{"shared between processes", shared_between_processes},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_cond_init");
}
