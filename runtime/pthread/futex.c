/* futex.c - waits for a word of memory: of syscall(2) only futex(2), which is below
 * std::atomic's wait, std::future and the program's own locks.
 *
 * The kernel is asked first, without a wait, so that it refuses what it would refuse and
 * compares the word. Only the waiting is in the lot. A wake here reaches fibers and then
 * the kernel's waiters; one by foreign code does not, so the loop looks at the word for
 * whoever waits. A fiber's wait has no EINTR: no caller may take it for a failure. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../lot.h"
#include "../posix/usermem.h"
#include "../sched.h"
#include "../wait.h"
#include "timed.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdarg.h>
#include <sys/syscall.h>

enum { ARGUMENTS = 6 };

struct word {
	const unsigned *address;
	unsigned value; /* that is waited to go away */
};

static bool has_changed(void *object)
{
	const struct word *word = object;

	return __atomic_load_n(word->address, __ATOMIC_ACQUIRE) != word->value;
}

/* 0 or the errno of a wait that is not to last. ETIMEDOUT: wait for it. */
static int ask_kernel(const long *a)
{
	const struct timespec none = {0, 0};
	int op = (int)a[1] & FUTEX_PRIVATE_FLAG;

	return syscall(SYS_futex, a[0], op | FUTEX_WAIT, a[2], &none, NULL, 0) < 0 ? errno
										   : 0;
}

/* 0 or a bare errno. */
static int wait_for(const long *a, const struct moment *moment)
{
	struct word word = {(const unsigned *)a[0], (unsigned)a[2]};
	struct lot_waiter waiter;
	bool waited = false;
	int r;

	for (;;) {
		co__lot_enter(&waiter, word.address, WAIT_DEAF);
		r = ask_kernel(a);
		if (r == ETIMEDOUT && !moment_passed(moment)) {
			co__wait_look(has_changed, &word);
			if (co__lot_park(&waiter, moment_due(moment)) == 0)
				return 0;
			waited = true;
			continue;
		}
		if (co__lot_leave(&waiter) && r != 0)
			co__lot_wake(word.address, 1);
		return r == EAGAIN && waited ? 0 : r;
	}
}

/* Whether A is a wait that any wake ends, and until when it lasts. */
static bool is_plain_wait(const long *a, struct moment *moment)
{
	struct timespec time;
	int command = (int)a[1] & FUTEX_CMD_MASK;
	clockid_t clock = a[1] & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC;

	if (command != FUTEX_WAIT && (command != FUTEX_WAIT_BITSET ||
					     (unsigned)a[5] != FUTEX_BITSET_MATCH_ANY))
		return false;
	*moment = MOMENT_NEVER;
	if (!a[3])
		return true;
	if (!usermem_read(&time, (const void *)a[3], sizeof(time)) || time.tv_sec < 0)
		return false;
	if (command == FUTEX_WAIT_BITSET)
		return moment_of(clock, &time, moment) == 0;
	if (moment_of(CLOCK_MONOTONIC, &time, moment) != 0)
		return false;
	moment->at = due_after(moment->at);
	return clock == CLOCK_MONOTONIC;
}

static bool is_plain_wake(const long *a)
{
	int command = (int)a[1] & FUTEX_CMD_MASK;

	return command == FUTEX_WAKE ||
	       (command == FUTEX_WAKE_BITSET && (unsigned)a[5] == FUTEX_BITSET_MATCH_ANY);
}

static long wait_call(const long *a, const struct moment *moment)
{
	int error = errno;
	int r;

	co__turn(co__ctx.self->worker);
	r = wait_for(a, moment);
	errno = r ? r : error;
	return r ? -1 : 0;
}

/* The kernel's waiters get what is left; even a wake of none wakes one. */
static long wake_call(const long *a)
{
	const void *address = (const void *)a[0];
	int most = (int)a[2] > 0 ? (int)a[2] : 1;
	int woken = co__lot_wake(address, most == INT_MAX ? LOT_ALL : most);

	if (woken >= most)
		return woken;
	long r = syscall(SYS_futex, a[0], a[1], most - woken, a[3], a[4], a[5]);
	return r < 0 ? r : r + woken;
}

/* As in libc, arguments that are not there are handed on as what lies there. */
long co_syscall(long number, ...)
{
	struct moment moment;
	long a[ARGUMENTS];
	va_list list;

	va_start(list, number);
	for (int i = 0; i < ARGUMENTS; i++)
		a[i] = va_arg(list, long);
	va_end(list);
	if (number == SYS_futex && co__self() && is_plain_wait(a, &moment))
		return wait_call(a, &moment);
	if (number == SYS_futex && is_plain_wake(a) && co__lot_is_open())
		return wake_call(a);
	return syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
