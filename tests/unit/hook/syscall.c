/* syscall.c - syscall(2) through libc and through its mirror: futex(2), and all others as
 * they are. */
#include "harness/mate.h"
#include "harness/scenario.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>

struct door {
	atomic_int state;
	int op, woken;
};

static long futex(
	const struct calls *calls, struct door *door, int op, int value, void *time)
{
	return calls->syscall(
		SYS_futex, &door->state, op, value, time, NULL, FUTEX_BITSET_MATCH_ANY);
}

static void walk_through(struct mate *mate)
{
	struct door *door = mate->arg;

	while (atomic_load(&door->state) == 0 && mate->outcome == 0) {
		mate_enter(mate);
		mate->outcome = futex(mate->calls, door, door->op, 0, NULL);
		mate_leave(mate, mate->outcome);
	}
	atomic_fetch_add(&door->state, 1);
}

/* Whoever waits is found by a wake from a fiber and from a plain thread. */
static void wait_and_wake(struct run *run, int wait, int wake)
{
	struct door door = {.op = wait};
	struct mate mate = {.act = walk_through, .arg = &door, .sort = run->kind};

	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	atomic_store(&door.state, 10);
	result(run, "wake", futex(run->calls, &door, wake, 1, NULL));
	mate_join(&mate);
	note(run, "outcome %ld, state %d", mate.outcome, atomic_load(&door.state));
}

static void is_woken(struct run *run)
{
	wait_and_wake(run, FUTEX_WAIT_PRIVATE, FUTEX_WAKE_PRIVATE);
}

static void is_woken_by_bits(struct run *run)
{
	wait_and_wake(run, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET);
}

static void open_when_waited_for(struct mate *mate)
{
	struct door *door = mate->arg;

	mate->outcome = !spot_blocked(mate->run, &mate->run->spot);
	atomic_store(&door->state, 10);
	door->woken = (int)futex(mate->calls, door, FUTEX_WAKE_PRIVATE, INT_MAX, NULL);
}

static void is_woken_by_another(struct run *run)
{
	struct door door = {.op = 0};
	struct mate mate = {.act = open_when_waited_for, .arg = &door, .sort = run->kind};

	spot_reset(&run->spot);
	mate_start(run, &mate);
	result(run, "wait", futex(enter(run), &door, FUTEX_WAIT_PRIVATE, 0, NULL));
	mate_join(&mate);
	note(run, "outcome %ld", mate.outcome);
}

static void does_not_wait(struct run *run)
{
	struct door door = {.state = 3};
	struct timespec bad = {0, 1000000000}, none = {0, 0};

	result(run, "other value", futex(enter(run), &door, FUTEX_WAIT, 4, NULL));
	result(run, "bad time", futex(enter(run), &door, FUTEX_WAIT, 3, &bad));
	result(run, "no time", futex(enter(run), &door, FUTEX_WAIT, 3, &none));
	result(run, "nobody", futex(run->calls, &door, FUTEX_WAKE, INT_MAX, NULL));
	result(run, "no memory",
		enter(run)->syscall(SYS_futex, NULL, FUTEX_WAIT, 0, NULL, NULL, 0));
	result(run, "no such command", futex(run->calls, &door, 99, 0, NULL));
	took_no_wait(run);
}

static void time_is_up(struct run *run)
{
	struct door door = {.state = 0};
	struct timespec span = {0, 30 * 1000000}, until;

	until = time_in(CLOCK_MONOTONIC, 30);
	result(run, "wait", futex(enter(run), &door, FUTEX_WAIT_PRIVATE, 0, &span));
	came_after(run, CLOCK_MONOTONIC, until);
	until = time_in(CLOCK_MONOTONIC, 30);
	result(run, "until",
		futex(enter(run), &door, FUTEX_WAIT_BITSET_PRIVATE, 0, &until));
	came_after(run, CLOCK_MONOTONIC, until);
	until = time_in(CLOCK_REALTIME, 30);
	result(run, "until",
		futex(enter(run), &door, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0,
			&until));
	came_after(run, CLOCK_REALTIME, until);
}

/* Six arguments come through. */
static void other_calls(struct run *run)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	long page = run->calls->syscall(SYS_mmap, NULL, size, 3L, 0x22L, -1L, 0L);

	check(run, page != -1);
	check(run, run->calls->syscall(SYS_munmap, page, size) == 0);
	check(run, run->calls->syscall(SYS_getpid) == getpid());
	result(run, "close", run->calls->syscall(SYS_close, -1));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		FOR_ALL_SORTS("is woken", is_woken),
		FOR_ALL_SORTS("is woken by bits", is_woken_by_bits),
		FOR_ALL_SORTS("is woken by another", is_woken_by_another),
		{"does not wait", does_not_wait},
		{"time is up", time_is_up},
		{"other calls", other_calls},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("syscall");
}
