/* doomed.c - threads to be cancelled.
 *
 * One belongs to its caller's storage until doomed_end(). Only the thread itself adds
 * steps; the record is read when it was joined, its length at any time. */
#include "harness/doomed.h"

#include <unistd.h>

void doomed_step(struct doomed *doomed, char step)
{
	int n = atomic_load(&doomed->nsteps);

	check(doomed->run, n < STEPS_MAX);
	if (n < STEPS_MAX)
		doomed->steps[n] = step;
	atomic_store(&doomed->nsteps, n < STEPS_MAX ? n + 1 : n);
}

static void clean_up(void *arg)
{
	doomed_step(arg, 'c');
}

static void *meet_doom(void *arg)
{
	struct doomed *doomed = arg;

	pthread_cleanup_push(clean_up, doomed);
	doomed->act(doomed);
	pthread_cleanup_pop(0);
	doomed_step(doomed, '.');
	return (void *)5;
}

void doomed_start(struct run *run, struct doomed *doomed)
{
	int error;

	doomed->run = run;
	doomed->calls = doomed->sort == OS_PLAIN ? &plain_calls : run->calls;
	spot_reset(&doomed->spot);
	atomic_store(&doomed->ready, false);
	atomic_store(&doomed->released, false);
	atomic_store(&doomed->nsteps, 0);
	if (doomed->sort == OWN)
		error = run->calls->pthread_create(
			&doomed->thread, NULL, meet_doom, doomed);
	else
		error = pthread_create(&doomed->thread, NULL, meet_doom, doomed);
	check(run, error == 0);
}

static void cancel(struct run *run, struct doomed *doomed)
{
	code(run, "cancel", enter(run)->pthread_cancel(doomed->thread));
	took_no_wait(run);
}

void doomed_cancel_blocked(struct run *run, struct doomed *doomed)
{
	check(run, spot_blocked(run, &doomed->spot));
	cancel(run, doomed);
}

void doomed_cancel_computing(struct run *run, struct doomed *doomed)
{
	await_flag(run, &doomed->ready);
	cancel(run, doomed);
	atomic_store(&doomed->released, true);
}

void doomed_end(struct run *run, struct doomed *doomed)
{
	void *value = NULL;

	code(run, "join", run->calls->pthread_join(doomed->thread, &value));
	note(run,
		value == PTHREAD_CANCELED ? "it was cancelled" : "it was not cancelled");
	note_bytes(run, "its steps", doomed->steps, atomic_load(&doomed->nsteps));
}

void doomed_meets_end(struct run *run, struct doomed *doomed)
{
	doomed_start(run, doomed);
	doomed_cancel_blocked(run, doomed);
	doomed_end(run, doomed);
}

void doomed_compute(struct doomed *doomed)
{
	atomic_store(&doomed->ready, true);
	while (!atomic_load(&doomed->released))
		doomed->calls->sched_yield();
}

const struct calls *doomed_enter(struct doomed *doomed)
{
	spot_enter(doomed->run, &doomed->spot);
	return doomed->calls;
}

void doomed_reads(struct doomed *doomed)
{
	char byte;
	ssize_t n = doomed_enter(doomed)->read(doomed->fd, &byte, 1);

	spot_leave(&doomed->spot);
	doomed_step(doomed, n == 1 ? byte : '!');
}

void doomed_cancels_itself(struct doomed *doomed)
{
	const struct calls *calls = doomed->calls;

	doomed_step(doomed, calls->pthread_cancel(calls->pthread_self()) ? '!' : 's');
}
