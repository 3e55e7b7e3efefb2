/* standin.c - threads that block for fibers: made when all there are have an errand,
 * ended when they have had none for a while.
 *
 * To recall one from its errand, a signal interrupts its call. It is the signal that libc
 * keeps for cancellation: no program can block it, wait for it or have a handler of its
 * own for it. Should libc have one, ours passes it what is not meant for a stand-in.
 *
 * Invariant: an errand is on its fiber's stack, and the fiber stays until the errand is
 * done. Everything is under the lock; done and the wake-up come in one stretch of it.
 * Called by posix/. */
#define _GNU_SOURCE
#include "standin.h"

#include "arch/nudge.h"
#include "cancel.h"
#include "critical.h"
#include "helper.h"
#include "loop/offload.h"
#include "sched.h"
#include "wait.h"

#include <errno.h>
#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

enum { NUDGE = 32, IDLE_S = 2, STACK_SIZE = 256 * 1024 };

static const uint64_t nudge_pause = NS_PER_MS;

struct errand {
	long (*work)(void *arg);
	void *arg;
	struct co_fiber *fiber;
	struct standin *by;
	bool recalled, done;
	long result; /* and error: valid once done */
	int error;
};

struct standin {
	struct list link; /* in idle while it has no errand */
	sem_t go;
	struct errand *errand; /* NULL while idle */
	pid_t thread;          /* 0 before it runs */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct list idle = {&idle, &idle};
static _Atomic(void (*)(int, siginfo_t *, void *)) libcs_handler;
static __thread bool is_standin;

/* No handler of the program may run, and leave by siglongjmp(3), while it is held. */
static void take(void)
{
	critical_begin();
	pthread_mutex_lock(&lock);
}

static void drop(void)
{
	pthread_mutex_unlock(&lock);
	critical_end();
}

/* --- the signal --------------------------------------------------------------------------------------- */

static void nudged(int signo, siginfo_t *info, void *context)
{
	void (*libcs)(int, siginfo_t *, void *) = atomic_load(&libcs_handler);

	if (!is_standin && libcs)
		libcs(signo, info, context);
}

/* Under the lock. Without SA_RESTART. */
static void nudge(const struct standin *s)
{
	const struct kernel_action ours = {
		.handler = nudged,
		.flags = SA_SIGINFO | KERNEL_RESTORER,
		.restorer = co__arch_sigreturn,
	};
	struct kernel_action before;

	if (!ARCH_CAN_NUDGE || !s->thread || kernel_sigaction(NUDGE, NULL, &before) < 0)
		return;
	if (before.handler != nudged) {
		if (before.flags & SA_SIGINFO)
			atomic_store(&libcs_handler, before.handler);
		if (kernel_sigaction(NUDGE, &ours, NULL) < 0)
			return;
	}
	tgkill(getpid(), s->thread, NUDGE);
}

/* --- the threads -------------------------------------------------------------------------------------- */

static void run_errand(struct errand *errand)
{
	errno = 0;
	errand->result = errand->work(errand->arg);
	errand->error = errno;
}

/* Until there is one; NULL when none has come for a while, and S is nobody's any more. */
static struct errand *next_errand(struct standin *s)
{
	struct timespec until;
	struct errand *errand;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += IDLE_S;
	while (sem_clockwait(&s->go, CLOCK_MONOTONIC, &until) < 0 && errno == EINTR)
		;
	take();
	errand = s->errand;
	if (!errand)
		list_remove(&s->link);
	drop();
	return errand;
}

/* From the end of it the errand is gone. */
static void report(struct standin *s, struct errand *errand)
{
	take();
	s->errand = NULL;
	list_insert(idle.next, &s->link);
	errand->done = true;
	co__wake(errand->fiber, WAKE_EVENT);
	drop();
}

static bool is_recalled(struct standin *s, struct errand *errand)
{
	bool recalled;

	take();
	s->thread = gettid();
	recalled = errand->recalled;
	drop();
	return recalled;
}

static void *serve(void *arg)
{
	struct standin *s = arg;
	struct errand *errand;

	is_standin = true;
	while ((errand = next_errand(s))) {
		while (sem_trywait(&s->go) == 0) /* it came as the wait ended */
			;
		if (is_recalled(s, errand)) {
			errand->result = -1;
			errand->error = EINTR;
		} else {
			run_errand(errand);
		}
		report(s, errand);
	}
	sem_destroy(&s->go);
	free(s);
	co__helper_ends();
	return NULL;
}

static struct standin *standin_new(void)
{
	struct standin *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	list_init(&s->link);
	sem_init(&s->go, 0, 0);
	if (co__helper_start(serve, s, STACK_SIZE) == 0)
		return s;
	sem_destroy(&s->go);
	free(s);
	return NULL;
}

/* False if no thread can be had. */
static bool dispatch(struct errand *errand)
{
	struct list *link;
	struct standin *s;

	take();
	link = list_take(&idle);
	s = link ? LIST_OWNER(link, struct standin, link) : standin_new();
	if (s) {
		errand->by = s;
		s->errand = errand;
		sem_post(&s->go);
	}
	drop();
	return s != NULL;
}

/* Their threads stay behind when the process forks. */
static void forked(void)
{
	struct list *link;

	while ((link = list_take(&idle)))
		free(LIST_OWNER(link, struct standin, link));
	pthread_mutex_unlock(&lock);
}

static void before_fork(void)
{
	pthread_mutex_lock(&lock);
}

static void after_fork(void)
{
	pthread_mutex_unlock(&lock);
}

/* Ahead of the program's own handlers, which may wait for a stand-in. */
__attribute__((constructor(101))) static void watch_forks(void)
{
	pthread_atfork(before_fork, after_fork, forked);
}

/* --- the fiber's side --------------------------------------------------------------------------------- */

/* 0 when the errand is done, else what ended the wait. */
static int await(const struct errand *errand, uint64_t due, unsigned how)
{
	bool done;

	co__wait_begin(how);
	pthread_mutex_lock(&lock);
	done = errand->done;
	pthread_mutex_unlock(&lock);
	if (!done)
		return co__wait_end(co__wait_park(due));
	co__wait_abandon();
	return 0;
}

/* The signal may come before the call has begun: so again and again. */
static void recall(struct errand *errand)
{
	do {
		take();
		errand->recalled = true;
		if (!errand->done)
			nudge(errand->by);
		drop();
	} while (await(errand, due_after(nudge_pause), WAIT_DEAF) < 0);
}

long co__standin_call(long (*work)(void *arg), void *arg, unsigned how)
{
	struct co_fiber *self = co__self();
	struct errand errand = {.work = work, .arg = arg, .fiber = self};
	int before = errno, r;

	if (!self)
		return work(arg);
	co__cancel_point(self);
	if (!dispatch(&errand))
		return co__offload(work, arg);
	if (!ARCH_CAN_NUDGE)
		how = WAIT_DEAF;
	do
		r = await(&errand, DUE_NEVER, how);
	while (r == -ERESTART);
	if (r < 0)
		recall(&errand);
	if (r < 0 && errand.result == -1 && errand.error == EINTR) {
		if (r == -ECANCELED)
			co__cancel_point(self);
		errand.error = -r;
	}
	errno = errand.error ? errand.error : before;
	return errand.result;
}
