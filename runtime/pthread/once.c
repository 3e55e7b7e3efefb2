/* once.c - pthread_once whose initialiser may wait.
 *
 * The real pthread_once runs it, so code outside of cohook sees it done. A second fiber
 * must not enter the real one meanwhile, since that would block the worker which the
 * first needs; it waits in the lot. Compiled with -fexceptions: initialisers of C++ throw.
 *
 * Invariant: a record is in the list while a fiber runs its initialiser. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../forkhold.h"
#include "../lot.h"
#include "../sched.h"
#include "../wait.h"
#include "layout.h"

struct running {
	struct running *next;
	pthread_once_t *once;
	struct co_fiber *fiber;
};

/* What std::call_once leaves for its initialiser, per thread: libstdc++'s own, there if
 * and only if __once_proxy is. Other fibers leave theirs while one waits. */
extern void __once_proxy(void) __attribute__((weak));
extern __thread void *_ZSt15__once_callable __attribute__((weak));
extern __thread void (*_ZSt11__once_call)(void) __attribute__((weak));

static struct {
	struct lock lock;
	struct running *first;
} list[1];
static struct fork_hold hold = FORK_HOLD(list, lock);

static bool begin(struct running *mine)
{
	struct running *r;

	lock_take(&list->lock);
	for (r = list->first; r && r->once != mine->once; r = r->next)
		;
	if (!r) {
		mine->next = list->first;
		list->first = mine;
	}
	lock_drop(&list->lock);
	return !r;
}

/* Also when the initialiser ends its fiber: the next caller begins anew, as POSIX
 * says. */
static void end(void *arg)
{
	struct running *mine = arg, **place = &list->first;

	lock_take(&list->lock);
	while (*place != mine)
		place = &(*place)->next;
	*place = mine->next;
	lock_drop(&list->lock);
	co__lot_wake(mine->once, LOT_ALL);
}

static void wait_to_begin(struct running *mine)
{
	struct lot_waiter waiter;

	while (!begin(mine)) {
		co__lot_enter(&waiter, mine->once, WAIT_DEAF);
		if (begin(mine)) {
			co__lot_leave(&waiter);
			return;
		}
		co__lot_park(&waiter, DUE_NEVER);
	}
}

static void wait_to_begin_cxx(struct running *mine)
{
	void *callable = _ZSt15__once_callable;
	void (*call)(void) = _ZSt11__once_call;

	wait_to_begin(mine);
	_ZSt15__once_callable = callable;
	_ZSt11__once_call = call;
}

int co_pthread_once(pthread_once_t *once, void (*initialise)(void))
{
	struct running mine = {.once = once, .fiber = co__ctx.running};
	int r;

	if (once_is_done(once) || !co__self())
		return pthread_once(once, initialise);
	if (__once_proxy && initialise == __once_proxy)
		wait_to_begin_cxx(&mine);
	else
		wait_to_begin(&mine);
	pthread_cleanup_push(end, &mine);
	r = pthread_once(once, initialise);
	pthread_cleanup_pop(1);
	return r;
}

/* In the child only the forking fiber goes on; libc knows by itself that the others'
 * initialisers do not. */
static void forked(void)
{
	struct running **place = &list->first;

	while (*place)
		if ((*place)->fiber == co__ctx.running)
			place = &(*place)->next;
		else
			*place = (*place)->next;
}

__attribute__((constructor)) static void watch_forks(void)
{
	co__fork_hold(&hold);
	pthread_atfork(NULL, NULL, forked);
}
