/* worker.c - a thread's life as a worker.
 *
 * A thread becomes a worker when it first makes a fiber or asks for its loop, and stops
 * being one when it ends; until its fibers have ended its end is put off. Ids are handed
 * out lowest first, so that the bits of fd_entry.watched_in suffice for 64 workers; later
 * ones work without (and register descriptors for one wait at a time). */
#define _GNU_SOURCE
#include "worker.h"

#include "bug.h"
#include "crew.h"
#include "critical.h"
#include "fdtab.h"
#include "forkhold.h"
#include "helper.h"
#include "join.h"
#include "loop/loop.h"
#include "lot.h"
#include "overflow.h"
#include "sched.h"
#include "wait.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { WORKER_IDS = 64, WORKERS_MOST = 1024 };

static pthread_mutex_t ids_lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic(struct worker *) by_id[WORKER_IDS + 1]; /* written under ids_lock */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t at_thread_end;
static void set_up(void);
static size_t wanted_stack;
static unsigned wanted_workers;

/* --- environment -------------------------------------------------------------------------------------- */

static _Noreturn void refuse(const char *name, const char *value, const char *wanted)
{
	co__say("cohook: ");
	co__say(name);
	co__say("=");
	co__say(value);
	co__say(": ");
	co__say(wanted);
	co__say("\n");
	_exit(2);
}

/* A number with an optional K, M or G behind it; 0 if it is none, or too large. */
static size_t parse_size(const char *text)
{
	unsigned long long value;
	unsigned shift = 0;
	char *end;

	if (*text < '0' || *text > '9')
		return 0;
	errno = 0;
	value = strtoull(text, &end, 10);
	switch (*end) {
	case 'k':
	case 'K':
		shift = 10;
		break;
	case 'm':
	case 'M':
		shift = 20;
		break;
	case 'g':
	case 'G':
		shift = 30;
		break;
	}
	if (shift)
		end++;
	if (errno || *end || value > SIZE_MAX >> 20 >> shift)
		return 0;
	return (size_t)value << shift;
}

static unsigned usable_processors(void)
{
	cpu_set_t set;
	long n;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		return (unsigned)CPU_COUNT(&set);
	n = sysconf(_SC_NPROCESSORS_ONLN); /* there are more than fit the set */
	return n < 1 ? 1 : n > WORKERS_MOST ? WORKERS_MOST : (unsigned)n;
}

static void read_environment(void)
{
	const char *stack = getenv("COHOOK_STACK");
	const char *workers = getenv("COHOOK_WORKERS");
	int error = errno;

	if (stack && *stack) {
		wanted_stack = parse_size(stack);
		if (wanted_stack < 4096)
			refuse("COHOOK_STACK", stack,
				"give a size in bytes of at least 4096, like 65536, 64K "
				"or 1M");
	}
	if (workers && *workers) {
		size_t n = parse_size(workers);
		if (n < 1 || n > WORKERS_MOST)
			refuse("COHOOK_WORKERS", workers, "give a number from 1 to 1024");
		wanted_workers = (unsigned)n;
	} else {
		wanted_workers = usable_processors();
	}
	errno = error;
}

size_t co__wanted_stack(void)
{
	pthread_once(&once, set_up);
	return wanted_stack;
}

unsigned co__wanted_workers(void)
{
	pthread_once(&once, set_up);
	return wanted_workers;
}

/* --- ids ------------------------------------------------------------------------------------------------ */

static void take_id(struct worker *w)
{
	pthread_mutex_lock(&ids_lock);
	for (int id = 1; id <= WORKER_IDS && !w->id; id++)
		if (!atomic_load(&by_id[id])) {
			w->id = id;
			w->bit = UINT64_C(1) << (id - 1);
			atomic_store(&by_id[id], w);
		}
	pthread_mutex_unlock(&ids_lock);
}

/* The next worker with this id has another set: nothing is registered in that. */
static void drop_id(struct worker *w)
{
	struct fd_entry *e;

	if (!w->id)
		return;
	for (int fd = 0; (e = co__fd_next(&fd)); fd++) {
		lock_take(&e->lock);
		e->watched_in &= ~w->bit;
		e->watched_out &= ~w->bit;
		if (e->drained_by == w->id)
			e->drained_by = 0;
		lock_drop(&e->lock);
	}
	pthread_mutex_lock(&ids_lock);
	atomic_store(&by_id[w->id], NULL);
	pthread_mutex_unlock(&ids_lock);
}

struct worker *co__worker_by_id(int id)
{
	return atomic_load(&by_id[id]);
}

struct worker *co__worker_of(pthread_t thread)
{
	for (int id = 1; id <= WORKER_IDS; id++) {
		struct worker *w = atomic_load(&by_id[id]);
		if (w && pthread_equal(w->thread, thread))
			return w;
	}
	return NULL;
}

/* --- life ----------------------------------------------------------------------------------------------- */

void co__worker_finish(struct worker *w)
{
	while (w->live > 0) {
		co__wait_begin(WAIT_DEAF);
		w->waits_for_last = true;
		co__wait_end(co__wait_park(DUE_NEVER));
		w->waits_for_last = false;
	}
}

void co__worker_serve(struct worker *w)
{
	while (!atomic_load(&w->stopping)) {
		co__wait_begin(WAIT_DEAF);
		if (atomic_load(&w->stopping))
			co__wait_abandon();
		else
			co__wait_end(co__wait_park(DUE_NEVER));
	}
	co__worker_finish(w);
}

void co__worker_stop(struct worker *w)
{
	atomic_store(&w->stopping, true);
	co__wake(&w->root, WAKE_EVENT);
}

bool co__worker_is_last(unsigned others)
{
	const int helpers = atomic_load(&co__helpers);
	DIR *tasks = helpers ? opendir("/proc/self/task") : NULL;
	int n = -2; /* "." and ".." */

	if (!tasks)
		return false;
	while (readdir(tasks))
		n++;
	closedir(tasks);
	return n <= (int)others + helpers;
}

static char main_has_ended;

/* libc ends the process with its last thread, which would be one of ours, and they never
 * end. Other values' destructors have had their turn. */
static void main_ends(void)
{
	if (co__worker_is_last(1))
		exit(0);
}

static int ascending(const void *a, const void *b)
{
	const int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

static size_t add_descriptors(const struct worker *w, int *fds, size_t room)
{
	int own[LOOP_DESCRIPTORS];
	size_t n = 0;

	co__loop_descriptors(w, own);
	for (size_t i = 0; i < LOOP_DESCRIPTORS && n < room; i++)
		if (own[i] >= 0)
			fds[n++] = own[i];
	return n;
}

size_t co__worker_descriptors(int *fds, size_t most)
{
	const struct worker *own = co__ctx.worker;
	size_t n = 0, kept = 0;

	critical_begin();
	pthread_mutex_lock(&ids_lock);
	for (int id = 1; id <= WORKER_IDS; id++) {
		const struct worker *w = atomic_load(&by_id[id]);
		if (w)
			n += add_descriptors(w, fds + n, most - n);
	}
	pthread_mutex_unlock(&ids_lock);
	critical_end();
	if (own && !own->id)
		n += add_descriptors(own, fds + n, most - n);
	qsort(fds, n, sizeof(*fds), ascending);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || fds[kept - 1] != fds[i])
			fds[kept++] = fds[i];
	return kept;
}

/* The destructor of a thread-specific value: the thread is about to end. */
static void thread_ends(void *arg)
{
	struct worker *w = arg;

	if (arg == &main_has_ended)
		main_ends();
	if (arg == &main_has_ended || co__ctx.worker != w || !co__ctx.running->is_root)
		return;
	co__worker_finish(w);
	if (getpid() == gettid())
		pthread_setspecific(at_thread_end, &main_has_ended);
	critical_begin();
	drop_id(w);
	while (atomic_load(&w->notifying))
		sched_yield();
	co__loop_free(w);
	co__sched_fini(w);
	co__overflow_unwatch(w->signal_stack);
	free(w);
	critical_end();
}

static void before_fork(void)
{
	const bool open = co__lot_is_open();

	co__crew_before_fork();
	critical_begin();
	pthread_mutex_lock(&ids_lock);
	co__stack_fork_begin();
	co__fork_hold_begin(open);
}

static void after_fork_parent(void)
{
	co__fork_hold_end();
	co__stack_fork_end();
	pthread_mutex_unlock(&ids_lock);
	atomic_fetch_add(&co__fd_forks, 1);
	critical_end();
	co__crew_after_fork();
}

/* Of other threads, which a child does not have. Nothing says that the program holds no
 * pointers into what is theirs, so it stays; here, or leak checkers would report it. */
static struct worker *left_behind;

static void leave_behind(struct worker *w, const struct worker *own)
{
	if (!w || w == own)
		return;
	w->next_left = left_behind;
	left_behind = w;
}

/* Only the forking thread lives on, and of its fibers only the one that forked. */
static void renew(struct worker *w)
{
	pthread_mutex_unlock(&ids_lock);
	atomic_fetch_add(&co__fd_forks, 1);
	atomic_store(&co__helpers, 0);
	for (int id = 1; id <= WORKER_IDS; id++)
		leave_behind(atomic_exchange(&by_id[id], NULL), w);
	co__fd_claim();
	co__wait_forked();
	co__lot_forked();
	if (!w)
		return;
	co__sched_forked(w);
	w->tid = gettid();
	w->id = 0;
	w->bit = 0;
	take_id(w);
	if (co__loop_renew(w) < 0) {
		co__say("cohook: no descriptors left for the event loop of a forked "
			"child\n");
		abort();
	}
}

static void after_fork_child(void)
{
	co__critical_forked();
	co__fork_hold_child();
	co__stack_fork_end();
	renew(co__ctx.worker);
	critical_end();
	co__crew_forked(
		co__ctx.worker && co__ctx.worker->orphaned ? co__ctx.worker : NULL);
}

static void set_up(void)
{
	co__loop_hooks = (struct loop_hooks){
		.deliver = co__wait_deliver,
		.expect = co__wait_expect,
		.expire = co__wait_expire,
		.recheck = co__wait_recheck,
		.interrupt = co__wait_interrupt,
	};
	co__fd_hooks = (struct fd_hooks){
		.closed = co__wait_closed,
		.forget = co__wait_forget,
	};
	co__sched_hooks.born = co__join_born;
	co__sched_hooks.ended = co__join_ended;
	co__sched_hooks.idle = co__crew_idle;
	co__fd_claim();
	read_environment();
	pthread_key_create(&at_thread_end, thread_ends);
}

/* Ahead of the program's own handlers, which may wait: they run before ours in the
 * parent, and after ours in the child. */
__attribute__((constructor(101))) static void watch_forks(void)
{
	pthread_atfork(before_fork, after_fork_parent, after_fork_child);
}

static int start(struct worker *w)
{
	struct sched_param param = {0};
	int r = co__loop_new(w);
	int state;

	if (r < 0)
		return r;
	r = co__sched_init(w, co__loop_main);
	if (r < 0) {
		co__loop_free(w);
		return r;
	}
	take_id(w);
	w->tid = gettid();
	w->thread = pthread_self();
	pthread_getschedparam(w->thread, &w->root.policy, &param);
	w->root.priority = param.sched_priority;
	prctl(PR_GET_NAME, w->root.name);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state); /* see pthread/cancel.c */
	w->root.cancel_off = state == PTHREAD_CANCEL_DISABLE;
	pthread_setspecific(at_thread_end, w);
	w->signal_stack = co__overflow_watch();
	return 0;
}

struct worker *co__worker_enter(void)
{
	struct worker *w = co__ctx.worker;
	int r;

	if (w)
		return w;
	if (co__ctx.handler_frame)
		co__handler_left();
	if (co__ctx.handler_frame) {
		errno = EPERM;
		return NULL;
	}
	pthread_once(&once, set_up);
	w = calloc(1, sizeof(*w));
	r = w ? start(w) : -ENOMEM;
	if (r == 0)
		return w;
	free(w);
	errno = -r;
	return NULL;
}
