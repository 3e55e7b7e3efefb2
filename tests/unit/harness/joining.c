/* joining.c - scenarios that every call which joins with a limit of time must pass. */
#include "harness/joining.h"
#include "harness/idler.h"
#include "harness/scenario.h"

#include <errno.h>
#include <stdint.h>

static int join_until(struct run *run, pthread_t thread, const struct timespec *until)
{
	const struct joining *verb = run->verb;
	void *value = (void *)77;
	int error = code(run, "join", verb->join(enter(run), thread, &value, until));

	note(run, "value %ld", (long)(intptr_t)value);
	return error;
}

static bool is_before(struct timespec a, struct timespec b)
{
	return a.tv_sec < b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec < b.tv_nsec);
}

static int join_within(struct run *run, pthread_t thread, int ms)
{
	const struct joining *verb = run->verb;
	struct timespec now, until = time_in(verb->clock, ms);
	int error = join_until(run, thread, &until);

	clock_gettime(verb->clock, &now);
	check(run, error != ETIMEDOUT || !is_before(now, until));
	return error;
}

/* Whatever time is up leaves the thread as it was. */
static void time_is_up(struct run *run)
{
	struct idler idler = {.sort = run->kind, .value = 7};

	idler_start(run, &idler);
	join_within(run, idler.thread, 30);
	took(run, 29);
	join_within(run, idler.thread, -30);
	join_until(run, idler.thread, &(struct timespec){0, 0});
	join_until(run, idler.thread, &(struct timespec){-5, 0});
	idler_release(&idler);
	join_within(run, idler.thread, 60000);
}

static void release_when_joined(struct mate *mate)
{
	check(mate->run, spot_blocked(mate->run, &mate->run->spot));
	idler_release(mate->arg);
}

static void ends_in_time(struct run *run)
{
	struct idler idler = {.sort = run->kind, .value = 8};
	struct mate mate = {.act = release_when_joined, .arg = &idler};

	idler_start(run, &idler);
	spot_reset(&run->spot);
	mate_start(run, &mate);
	join_within(run, idler.thread, 60000);
	mate_join(&mate);
}

/* NULL is no limit at all. */
static void without_a_limit(struct run *run)
{
	struct idler idler = {.sort = run->kind, .value = 9};
	struct mate mate = {.act = release_when_joined, .arg = &idler};

	idler_start(run, &idler);
	spot_reset(&run->spot);
	mate_start(run, &mate);
	join_until(run, idler.thread, NULL);
	mate_join(&mate);
}

static void start_and_end(struct run *run, struct idler *idler)
{
	idler_start(run, idler);
	idler_release(idler);
	idler_gone(idler);
}

/* Then no time is too late, nor is any malformed. */
static void ended_before(struct run *run)
{
	static const struct timespec untils[] = {
		{0, 0}, {-5, 0}, {1, 1000000000}, {1, -1}};
	size_t i;

	for (i = 0; i < COUNT(untils); i++) {
		struct idler idler = {.sort = run->kind, .value = (long)i};

		start_and_end(run, &idler);
		join_until(run, idler.thread, &untils[i]);
		took_no_wait(run);
	}
}

static void value_is_not_wanted(struct run *run)
{
	const struct joining *verb = run->verb;
	struct timespec until = time_in(verb->clock, 60000);
	struct idler idler = {.value = 5};

	idler_start(run, &idler);
	idler_release(&idler);
	code(run, "join", verb->join(enter(run), idler.thread, NULL, &until));
}

static void oneself(struct run *run)
{
	join_within(run, run->calls->pthread_self(), 60000);
	took_no_wait(run);
	join_until(run, run->calls->pthread_self(), NULL);
}

static void a_detached_one(struct run *run)
{
	struct idler idler = {.value = 5};

	idler_start(run, &idler);
	check(run, run->calls->pthread_detach(idler.thread) == 0);
	join_within(run, idler.thread, 60000);
	took_no_wait(run);
	join_until(run, idler.thread, NULL);
	idler_release(&idler);
	idler_gone(&idler);
}

static void join_first(struct mate *mate)
{
	const struct idler *idler = mate->arg;

	mate->outcome =
		mate_leave(mate, mate_enter(mate)->pthread_join(idler->thread, NULL));
}

/* Only one can wait for the end of a thread. POSIX leaves open what the second one gets;
 * libc waits. */
static void two_want_to(struct run *run)
{
	struct idler idler = {.value = 5};
	struct mate mate = {.act = join_first, .arg = &idler};

	idler_start(run, &idler);
	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	join_within(run, idler.thread, 60000);
	took_no_wait(run);
	idler_release(&idler);
	mate_join(&mate);
	note(run, "mate: %s", error_name((int)mate.outcome));
}

static void join_in_vain(struct mate *mate)
{
	const struct joining *verb = mate->run->verb;
	const struct idler *idler = mate->arg;
	struct timespec until = time_in(verb->clock, 20);

	mate->outcome = verb->join(mate->calls, idler->thread, NULL, &until);
}

/* Who gave up waiting is not in the way of another. */
static void another_gave_up(struct run *run)
{
	struct idler idler = {.value = 6};
	struct mate mate = {.act = join_in_vain, .arg = &idler, .sort = run->kind};

	idler_start(run, &idler);
	mate_start(run, &mate);
	mate_join(&mate);
	note(run, "mate: %s", error_name((int)mate.outcome));
	idler_release(&idler);
	join_within(run, idler.thread, 60000);
}

void joining_add(const struct joining *verb)
{
	static const struct scenario scenarios[] = {
		FOR_ALL_SORTS("time is up", time_is_up),
		FOR_ALL_SORTS("ends in time", ends_in_time),
		FOR_ALL_SORTS("without a limit", without_a_limit),
		FOR_ALL_SORTS("ended before", ended_before),
		{"value is not wanted", value_is_not_wanted},
		{"oneself", oneself},
		{"a detached one", a_detached_one},
		{"two want to", two_want_to, 0, MODES_MIRROR},
		FOR_OUR_SORTS("another gave up", another_gave_up),
	};

	suite_add(scenarios, COUNT(scenarios), verb);
}
