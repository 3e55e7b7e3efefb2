/* helper.c - starts and counts the runtime's own threads. Called by standin.c and
 * posix/childwatch.c; loop/offload.c counts the pool's, worker.c forgets them all when
 * the process forks. */
#define _GNU_SOURCE
#include "helper.h"

#include <pthread.h>
#include <signal.h>

atomic_int co__helpers;

void co__helper_ends(void)
{
	atomic_fetch_sub(&co__helpers, 1);
}

/* The mask is inherited. */
static int start_without_signals(
	const pthread_attr_t *attr, void *(*entry)(void *arg), void *arg)
{
	sigset_t all, before;
	pthread_t thread;
	int r;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&thread, attr, entry, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return r;
}

int co__helper_start(void *(*entry)(void *arg), void *arg, size_t stack_size)
{
	pthread_attr_t attr;
	int r = pthread_attr_init(&attr);

	if (r)
		return r;
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, stack_size);
	atomic_fetch_add(&co__helpers, 1);
	r = start_without_signals(&attr, entry, arg);
	if (r)
		co__helper_ends();
	pthread_attr_destroy(&attr);
	return r;
}
