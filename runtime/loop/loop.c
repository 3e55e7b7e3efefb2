/* loop.c - the turn of a worker: ready fibers, events, libuv, timers.
 *
 * Invariant: the wait is never longer than the earliest of our timers, libuv's timers and
 * the recheck, and is zero while a fiber is ready. Fibers that an event makes ready run
 * before the next event of the batch is looked at, while its cache lines are warm. Runs
 * in the worker's loop context. */
#define _GNU_SOURCE
#include "loop.h"

#include "../bug.h"
#include "../critical.h"
#include "../sched.h"
#include "uvstate.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

struct loop_hooks co__loop_hooks;

enum { CLOSING_TURNS = 16 };

/* From any thread and from signal handlers, after the change that the loop is to see. It
 * looks by itself in every turn, so that only one who sleeps is woken, once. */
static void notify(struct worker *w)
{
	struct loop *l = w->loop;

	if (atomic_load(&l->asleep) && atomic_exchange(&l->asleep, false))
		co__watch_wake(&l->watch);
}

/* It is there so that libuv has something to wait for, always. */
static void notified(uv_async_t *async)
{
	(void)async;
}

/* libuv ends the program when its epoll set takes a descriptor no more. This one is in
 * the set before libuv puts it there, which then needs no memory and has no limit. */
static int uv_settle(struct loop *l)
{
	const int set = uv_backend_fd(&l->uv->loop), fd = l->uv->loop.async_io_watcher.fd;
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	if (epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) < 0 && errno != EEXIST)
		return -errno;
	return co__watch_add_loop(&l->watch, set);
}

static int uv_start(struct loop *l)
{
	const int error = errno;
	int r;

	l->uv = malloc(sizeof(*l->uv));
	if (!l->uv)
		return -ENOMEM;
	r = uv_loop_init(&l->uv->loop);
	if (r < 0)
		goto fail;
	r = uv_settle(l);
	if (r == 0)
		r = uv_async_init(&l->uv->loop, &l->uv->async, notified);
	if (r < 0)
		goto fail_loop;
	uv_run(&l->uv->loop, UV_RUN_NOWAIT); /* it registers now or never */
	errno = error;
	return 0;

fail_loop:
	uv_loop_close(&l->uv->loop);
fail:
	free(l->uv);
	return r;
}

static void close_handle(uv_handle_t *handle, void *arg)
{
	(void)arg;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void uv_finish(struct loop *l)
{
	uv_walk(&l->uv->loop, close_handle, NULL);
	for (int i = 0; i < CLOSING_TURNS; i++) {
		uv_run(&l->uv->loop, UV_RUN_NOWAIT);
		if (uv_loop_close(&l->uv->loop) == 0) {
			free(l->uv);
			return;
		}
	}
	/* A request of the user's is still under way; the pool may write to it, so it
	 * stays. */
}

int co__loop_new(struct worker *w)
{
	struct loop *l = calloc(1, sizeof(*l));
	int r;

	if (!l)
		return -ENOMEM;
	l->recheck_due = DUE_NEVER;
	r = co__timers_reserve(&l->timers, 2);
	if (r == 0)
		r = co__watch_init(&l->watch);
	if (r < 0)
		goto fail;
	r = uv_start(l);
	if (r < 0)
		goto fail_watch;
	w->loop = l;
	w->notify = notify;
	return 0;

fail_watch:
	co__watch_fini(&l->watch);
fail:
	co__timers_fini(&l->timers);
	free(l);
	return r;
}

void co__loop_free(struct worker *w)
{
	struct loop *l = w->loop;

	uv_finish(l);
	co__watch_fini(&l->watch);
	co__timers_fini(&l->timers);
	free(l);
	w->loop = NULL;
}

int co__loop_renew(struct worker *w)
{
	struct loop *l = w->loop;
	int r;

	/* libuv's descriptors are closed with its loop; that the parent's set survives is
	 * epoll(7)'s promise for descriptors. The threads its handles knew are gone, so
	 * nothing is run. */
	co__watch_fini(&l->watch);
	atomic_store(&l->asleep, false);
	l->timers.count = 0;
	w->root.timer.slot = 0;
	if (co__ctx.running)
		co__ctx.running->timer.slot = 0;
	r = co__watch_init(&l->watch);
	if (r < 0)
		return r;
	l->recheck_due = DUE_NEVER;
	r = uv_loop_fork(&l->uv->loop);
	return r < 0 ? r : uv_settle(l);
}

struct uv_loop_s *co__loop_uv(struct worker *w)
{
	return &w->loop->uv->loop;
}

/* Of libuv's fields these are documented by use only, but there since 1.0. */
void co__loop_descriptors(const struct worker *w, int fds[LOOP_DESCRIPTORS])
{
	const uv_loop_t *loop = &w->loop->uv->loop;

	fds[0] = w->loop->watch.epfd;
	fds[1] = uv_backend_fd(loop);
	fds[2] = loop->async_io_watcher.fd;
	fds[3] = loop->async_wfd;
	fds[4] = loop->signal_pipefd[0];
	fds[5] = loop->signal_pipefd[1];
	fds[6] = w->loop->watch.wake_fd;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* How long libuv can do without us. Its clock is cached, so it is brought up to date
 * first when a timer of libuv's is running. */
static uint64_t uv_patience(struct loop *l)
{
	int ms = uv_backend_timeout(&l->uv->loop);

	if (ms > 0) {
		uv_update_time(&l->uv->loop);
		ms = uv_backend_timeout(&l->uv->loop);
	}
	return ms < 0 ? DUE_NEVER : (uint64_t)ms * NS_PER_MS;
}

static uint64_t patience(struct worker *w)
{
	struct loop *l = w->loop;
	uint64_t due = least(co__timers_next(&l->timers), l->recheck_due);
	uint64_t now;

	if (atomic_load(&w->remote) || atomic_load(&w->interrupted))
		return 0;
	if (due == DUE_NEVER)
		return uv_patience(l);
	now = now_ns();
	return least(due > now ? due - now : 0, uv_patience(l));
}

static void expire(struct worker *w)
{
	struct loop *l = w->loop;
	struct timer *timer;
	uint64_t now;

	if (co__timers_next(&l->timers) == DUE_NEVER && l->recheck_due == DUE_NEVER)
		return;
	now = now_ns();
	while ((timer = co__timers_expire(&l->timers, now)))
		co__loop_hooks.expire(LIST_OWNER(timer, struct co_fiber, timer), now);
	if (now < l->recheck_due)
		return;
	l->recheck_due = DUE_NEVER;
	if (co__loop_hooks.recheck(w))
		co__loop_want_recheck(l, now);
}

/* With thousands of connections each event finds its entry, its fiber and its stack out
 * of the cache; asked for a few events ahead, they arrive while others are served. */
static void look_ahead(const struct watch *watch, int i, int n)
{
	static const int ahead[] = {
		[EXPECTED_LATER] = 6, [EXPECTED_SOON] = 4, [EXPECTED_NEXT] = 2};

	for (int when = EXPECTED_LATER; when <= EXPECTED_NEXT; when++)
		if (i + ahead[when] < n)
			co__loop_hooks.expect(
				watch->events[i + ahead[when]].data.u64, when);
}

/* True if libuv has something to do. */
static bool harvest(struct worker *w, int n)
{
	struct watch *watch = &w->loop->watch;
	bool uv_due = false;

	for (int i = 0; i < n; i++) {
		struct epoll_event *event = &watch->events[i];
		look_ahead(watch, i, n);
		if (event->data.u64 == WATCH_TAG_LOOP) {
			uv_due = true;
			continue;
		}
		if (event->data.u64 == WATCH_TAG_WAKE)
			continue;
		co__loop_hooks.deliver(w, event->data.u64, event->events);
		if (co__has_ready(w))
			co__run_ready(w);
	}
	return uv_due;
}

/* The program's callbacks can be interrupted like the rest of it. A handler that waits
 * for the root fiber comes first. */
static void run_uv(struct loop *l)
{
	if (co__critical.deferred)
		return;
	co__critical.depth = 0;
	uv_run(&l->uv->loop, UV_RUN_NOWAIT);
	co__critical.depth = 1;
}

/* Who makes something ready after the look at what is ready sees that we sleep. */
static int wait_for_events(struct worker *w)
{
	struct loop *l = w->loop;
	int n;

	if (co__has_ready(w))
		return co__watch_drain(&l->watch, 0);
	atomic_store(&l->asleep, true);
	n = co__watch_drain(&l->watch, patience(w));
	atomic_store_explicit(&l->asleep, false, memory_order_relaxed);
	return n;
}

static void turn(struct worker *w)
{
	struct loop *l = w->loop;
	int n = wait_for_events(w);

	BUG_IF(n == -EBADF || n == -EINVAL);
	if (n == -EINTR || atomic_load_explicit(&w->interrupted, memory_order_relaxed))
		co__loop_hooks.interrupt(w);
	/* A timeout of zero says that a timer, an idle handle or a closing one waits for
	 * its turn. */
	if (harvest(w, n) || uv_patience(l) == 0)
		run_uv(l);
	expire(w);
}

void co__loop_main(struct worker *w)
{
	for (;;) {
		co__take_remote(w);
		co__run_ready(w);
		turn(w);
	}
}
