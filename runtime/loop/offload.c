/* offload.c - libuv's thread pool for calls that have no other way.
 *
 * Invariant: an offloaded fiber is made ready only by its own job's completion, on its
 * own worker. Called by mirrors for files and name services. */
#define _GNU_SOURCE
#include "offload.h"

#include "../critical.h"
#include "../sched.h"
#include "loop.h"
#include "../helper.h"
#include "uvstate.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

struct job {
	uv_work_t request;
	long (*work)(void *arg);
	void *arg;
	long result;
	int error;
	bool finished; /* written and read on the fiber's worker */
	struct co_fiber *fiber;
};

static void run(uv_work_t *request)
{
	struct job *job = LIST_OWNER(request, struct job, request);

	errno = 0;
	job->result = job->work(job->arg);
	job->error = errno;
}

static void done(uv_work_t *request, int status)
{
	struct job *job = LIST_OWNER(request, struct job, request);

	(void)status; /* nobody cancels jobs */
	job->finished = true;
	co__wake(job->fiber, WAKE_EVENT);
}

/* The process whose pool has its threads; libuv makes them with the first request, and
 * anew after a fork. */
static _Atomic pid_t pool_of;

/* As libuv reads it. */
static int pool_size(void)
{
	const char *size = getenv("UV_THREADPOOL_SIZE");
	int threads = size ? atoi(size) : 4;

	return threads < 1 ? 1 : threads > 1024 ? 1024 : threads;
}

static void *wait_at_gate(void *gate)
{
	while (sem_wait(gate) < 0)
		;
	return NULL;
}

/* libuv ends the program when it cannot make a thread of its pool. */
static bool threads_can_be_had(int n)
{
	pthread_t *threads = calloc((size_t)n, sizeof(*threads));
	int made = 0;
	sem_t gate;

	if (!threads)
		return false;
	sem_init(&gate, 0, 0);
	atomic_fetch_add(&co__helpers, n);
	while (made < n && pthread_create(&threads[made], NULL, wait_at_gate, &gate) == 0)
		made++;
	for (int i = 0; i < made; i++)
		sem_post(&gate);
	for (int i = 0; i < made; i++)
		pthread_join(threads[i], NULL);
	atomic_fetch_sub(&co__helpers, n);
	sem_destroy(&gate);
	free(threads);
	return made == n;
}

/* What a call does to the thread that makes it, a broken pipe among others. */
static const int own_signals[] = {
	SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGSYS, SIGPIPE, SIGXFSZ};

/* The pool's threads take no signals that are for the process: a program that blocks one
 * and waits for it has blocked it in threads that it knows. */
static int queue(struct worker *w, struct job *job)
{
	sigset_t others, before;
	int r = UV_EAGAIN;

	if (atomic_load(&pool_of) == getpid())
		return uv_queue_work(co__loop_uv(w), &job->request, run, done);
	sigfillset(&others);
	for (size_t i = 0; i < sizeof(own_signals) / sizeof(own_signals[0]); i++)
		sigdelset(&others, own_signals[i]);
	pthread_sigmask(SIG_BLOCK, &others, &before);
	if (threads_can_be_had(pool_size()))
		r = uv_queue_work(co__loop_uv(w), &job->request, run, done);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r == 0 && atomic_exchange(&pool_of, getpid()) != getpid())
		atomic_fetch_add(&co__helpers, pool_size());
	return r;
}

long co__offload(long (*work)(void *arg), void *arg)
{
	struct co_fiber *self = co__self();
	struct job job = {.work = work, .arg = arg, .fiber = self};
	int before = errno;

	if (!self)
		return work(arg);
	critical_begin();
	atomic_store(&self->wake, WAKE_PENDING);
	if (queue(self->worker, &job) != 0) {
		atomic_store(&self->wake, WAKE_NOTHING);
		critical_end();
		return work(arg);
	}
	for (co__park(); !job.finished; co__park()) { /* a cancel or a signal must not end it */
		critical_end(); /* but a handler may run */
		critical_begin();
		atomic_store(&self->wake, WAKE_PENDING);
	}
	atomic_store(&self->wake, WAKE_NOTHING);
	critical_end();
	errno = job.error ? job.error : before;
	return job.result;
}
