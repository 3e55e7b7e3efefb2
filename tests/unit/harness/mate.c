/* mate.c - starts and ends the other threads of a scenario.
 *
 * A mate belongs to its caller's storage until mate_join(). Waiting for one never blocks
 * the worker: it may be a fiber of the same. */
#include "harness/mate.h"

#include <signal.h>
#include <unistd.h>

static void *run_mate(void *arg)
{
	struct mate *mate = arg;

	mate->act(mate);
	atomic_store(&mate->done, true);
	return NULL;
}

static int start_os_thread(struct mate *mate)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&mate->thread, NULL, run_mate, mate);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

void mate_start(struct run *run, struct mate *mate)
{
	mate->run = run;
	mate->calls = mate->sort == OS_PLAIN ? &plain_calls : run->calls;
	spot_reset(&mate->spot);
	atomic_store(&mate->done, false);
	if (mate->sort == OWN)
		check(run, run->calls->pthread_create(
				   &mate->thread, NULL, run_mate, mate) == 0);
	else
		check(run, start_os_thread(mate) == 0);
}

/* Plain in threads that run no fibers. */
static void nap(struct run *run)
{
	const struct timespec span = {0, 50 * 1000};

	run->calls->nanosleep(&span, NULL);
}

void await_flag(struct run *run, atomic_bool *flag)
{
	while (!atomic_load(flag))
		nap(run);
}

void mate_join(struct mate *mate)
{
	if (mate->sort == OWN) {
		check(mate->run, mate->run->calls->pthread_join(mate->thread, NULL) == 0);
		return;
	}
	await_flag(mate->run, &mate->done);
	check(mate->run, pthread_join(mate->thread, NULL) == 0);
}

bool mate_blocked(struct mate *mate)
{
	return spot_blocked(mate->run, &mate->spot);
}

const struct calls *mate_enter(struct mate *mate)
{
	spot_enter(mate->run, &mate->spot);
	return mate->calls;
}

long mate_leave(struct mate *mate, long value)
{
	spot_leave(&mate->spot);
	return value;
}

struct timespec time_in(clockid_t clock, int ms)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	ts.tv_sec += ms / 1000;
	ts.tv_nsec += ms % 1000 * 1000000L;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_sec++;
		ts.tv_nsec -= 1000000000;
	} else if (ts.tv_nsec < 0) {
		ts.tv_sec--;
		ts.tv_nsec += 1000000000;
	}
	return ts;
}

void came_after(struct run *run, clockid_t clock, struct timespec until)
{
	struct timespec now;

	clock_gettime(clock, &now);
	check(run, now.tv_sec > until.tv_sec ||
			(now.tv_sec == until.tv_sec && now.tv_nsec >= until.tv_nsec));
}
