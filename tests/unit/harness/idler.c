/* idler.c - threads that wait to be told to end.
 *
 * An idler belongs to its caller's storage until it was joined or, detached, is gone. A
 * fiber of the caller's worker that has said it is done has ended by the time the caller
 * can know; of an OS thread the kernel has to say so. */
#include "harness/idler.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static void *be_idle(void *arg)
{
	struct idler *idler = arg;
	void *value = (void *)(intptr_t)idler->value;

	idler->id = gettid();
	if (idler->before)
		idler->before(idler);
	atomic_store(&idler->ready, true);
	await_flag(idler->run, &idler->released);
	if (idler->after)
		idler->after(idler);
	atomic_store(&idler->done, true);
	return value;
}

/* Signals are for the threads that a test is about. */
static int start_os_thread(struct idler *idler)
{
	sigset_t all, before;
	int error;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	error = pthread_create(&idler->thread, idler->attr, be_idle, idler);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error;
}

void idler_start(struct run *run, struct idler *idler)
{
	idler->run = run;
	idler->calls = idler->sort == OS_PLAIN ? &plain_calls : run->calls;
	atomic_store(&idler->ready, false);
	atomic_store(&idler->released, false);
	atomic_store(&idler->done, false);
	if (idler->sort == OWN)
		check(run, run->calls->pthread_create(
				   &idler->thread, idler->attr, be_idle, idler) == 0);
	else
		check(run, start_os_thread(idler) == 0);
	await_flag(run, &idler->ready);
}

void idler_release(struct idler *idler)
{
	atomic_store(&idler->released, true);
}

void idler_gone(struct idler *idler)
{
	struct run *run = idler->run;
	char path[64];

	await_flag(run, &idler->done);
	if (idler->id == run->home)
		return;
	snprintf(path, sizeof(path), "/proc/self/task/%d", idler->id);
	while (access(path, F_OK) == 0)
		run->calls->usleep(50);
}

void idler_end(struct idler *idler)
{
	idler_release(idler);
	check(idler->run, idler->run->calls->pthread_join(idler->thread, NULL) == 0);
}
