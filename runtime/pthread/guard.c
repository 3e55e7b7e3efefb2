/* guard.c - local statics of C++ whose initialisers may wait.
 *
 * Compilers put __cxa_guard_acquire and its kind around an initialiser; the linker is told
 * to take ours (--wrap), which ask the real ones. A fiber must not enter the real
 * acquire while another one of its worker is at the same variable, for that would block
 * the worker; it waits in the lot. Compiled with -fexceptions: the real ones may throw.
 *
 * Invariant: a record is in the list from before a fiber asks to initialise a variable
 * until it has, or has given up. The real functions are missing in a program that was
 * linked statically with its C++ library ahead of us: then everybody is in the list. */
#define _GNU_SOURCE
#include "../bug.h"
#include "../fiber.h"
#include "../forkhold.h"
#include "../lot.h"
#include "../wait.h"

#include <sched.h>
#include <stdlib.h>

/* The first byte is 1 when the variable is initialised; the rest is the real
 * functions'. */
typedef char guard;

extern int __real___cxa_guard_acquire(guard *g) __attribute__((weak));
extern void __real___cxa_guard_release(guard *g) __attribute__((weak));
extern void __real___cxa_guard_abort(guard *g) __attribute__((weak));

/* The linker asks for them also on behalf of a libc++.so, whose names have no version. */
#pragma GCC visibility push(default)
int __wrap___cxa_guard_acquire(guard *g);
void __wrap___cxa_guard_release(guard *g);
void __wrap___cxa_guard_abort(guard *g);
#pragma GCC visibility pop

struct initialising {
	struct initialising *next;
	const guard *guard;
	struct co_fiber *fiber; /* NULL: of a thread without a worker */
};

static struct {
	struct lock lock;
	struct initialising *first;
} list[1];

/* In a child the other fibers' initialisers do not go on, as other threads' do not. */
static struct fork_hold hold = FORK_HOLD(list, lock);

static bool is_done(const guard *g)
{
	return __atomic_load_n(g, __ATOMIC_ACQUIRE) != 0;
}

static bool begin(struct initialising *mine)
{
	struct initialising *i;

	lock_take(&list->lock);
	for (i = list->first; i && i->guard != mine->guard; i = i->next)
		;
	if (!i) {
		mine->next = list->first;
		list->first = mine;
	}
	lock_drop(&list->lock);
	return !i;
}

/* Nobody is at the variable any more; whoever waits tries. */
static void end(const guard *g)
{
	struct initialising **place = &list->first, *mine;

	lock_take(&list->lock);
	while (*place && (*place)->guard != g)
		place = &(*place)->next;
	mine = *place;
	if (mine)
		*place = mine->next;
	lock_drop(&list->lock);
	if (!mine)
		return;
	free(mine);
	co__lot_wake(g, LOT_ALL);
}

static void wait_to_begin(struct initialising *mine)
{
	struct lot_waiter waiter;

	while (!begin(mine)) {
		if (!mine->fiber) {
			sched_yield();
			continue;
		}
		co__lot_enter(&waiter, mine->guard, WAIT_DEAF);
		if (begin(mine)) {
			co__lot_leave(&waiter);
			return;
		}
		co__lot_park(&waiter, DUE_NEVER);
	}
}

int __wrap___cxa_guard_acquire(guard *g)
{
	struct co_fiber *self = co__self();
	struct initialising *mine;
	int mine_to_do = 1;

	if (is_done(g))
		return 0;
	if (!self && __real___cxa_guard_acquire)
		return __real___cxa_guard_acquire(g);
	mine = malloc(sizeof(*mine));
	if (!mine)
		BUG("no memory to initialise a local static");
	*mine = (struct initialising){.guard = g, .fiber = self};
	wait_to_begin(mine);
	if (is_done(g))
		mine_to_do = 0;
	else if (__real___cxa_guard_acquire)
		mine_to_do = __real___cxa_guard_acquire(g);
	if (!mine_to_do)
		end(g);
	return mine_to_do;
}

void __wrap___cxa_guard_release(guard *g)
{
	if (__real___cxa_guard_release)
		__real___cxa_guard_release(g);
	else
		__atomic_store_n(g, 1, __ATOMIC_RELEASE);
	end(g);
}

void __wrap___cxa_guard_abort(guard *g)
{
	if (__real___cxa_guard_abort)
		__real___cxa_guard_abort(g);
	end(g);
}

__attribute__((constructor)) static void watch_forks(void)
{
	co__fork_hold(&hold);
}
