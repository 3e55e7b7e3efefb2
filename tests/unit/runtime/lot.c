/* lot.c - parked fibers, found by the address they wait for. */
#define _GNU_SOURCE
#include "case.h"
#include "lot.h"
#include "sched.h"
#include "wait.h"

#include <pthread.h>

enum { MANY = 16 };

struct sleeper {
	const void *address;
	uint64_t due;
	int *order; /* the next place in the order of waking */
	int woken;  /* its own place */
	int result;
};

static void *sleep_at(void *arg)
{
	struct sleeper *s = arg;
	struct lot_waiter waiter;

	co__lot_enter(&waiter, s->address, WAIT_DEAF);
	s->result = co__lot_park(&waiter, s->due ? s->due : DUE_NEVER);
	s->woken = ++*s->order;
	return NULL;
}

static co_fiber *put_to_sleep(struct sleeper *s)
{
	co_fiber *fiber = spawn(sleep_at, s);

	until_waits(fiber);
	return fiber;
}

/* Another address that shares the bucket of ADDRESS, in which somebody has to wait. */
static const void *neighbour_of(const char *address)
{
	static char space[1 << 16];

	assert_true(co__lot_busy(address));
	for (size_t i = 0; i < sizeof(space); i++)
		if (space + i != address && co__lot_busy(space + i))
			return space + i;
	fail_msg("no two addresses in one bucket");
	return NULL;
}

static void the_longest_waiting_wakes_first(void **state)
{
	struct sleeper sleepers[MANY];
	co_fiber *fibers[MANY];
	int order = 0;
	char place = 0;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		sleepers[i] = (struct sleeper){.address = &place, .order = &order};
		fibers[i] = put_to_sleep(&sleepers[i]);
	}
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(co__lot_wake(&place, 1), 1);
		join(fibers[i]);
		assert_int_equal(sleepers[i].woken, i + 1);
		assert_int_equal(sleepers[i].result, 0);
	}
	assert_int_equal(co__lot_wake(&place, 1), 0);
	assert_false(co__lot_busy(&place));
}

static void as_many_wake_as_are_asked_for(void **state)
{
	struct sleeper sleepers[MANY];
	co_fiber *fibers[MANY];
	int order = 0;
	char place = 0;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		sleepers[i] = (struct sleeper){.address = &place, .order = &order};
		fibers[i] = put_to_sleep(&sleepers[i]);
	}
	assert_int_equal(co__lot_wake(&place, 0), 0);
	assert_int_equal(co__lot_wake(&place, 3), 3);
	co_fiber_yield();
	co_fiber_yield();
	assert_int_equal(order, 3);
	assert_int_equal(co__lot_wake(&place, LOT_ALL), MANY - 3);
	for (int i = 0; i < MANY; i++) {
		join(fibers[i]);
		assert_int_equal(sleepers[i].woken, i + 1);
	}
	assert_int_equal(co__lot_wake(&place, LOT_ALL), 0);
}

static void addresses_of_one_bucket_are_kept_apart(void **state)
{
	int order = 0;
	char place = 0;
	struct sleeper a = {.address = &place, .order = &order}, b = a, c = a;
	co_fiber *fa = put_to_sleep(&a), *fb, *fc;

	(void)state;
	b.address = neighbour_of(&place);
	fb = put_to_sleep(&b);
	fc = put_to_sleep(&c);
	assert_int_equal(co__lot_wake(b.address, LOT_ALL), 1);
	join(fb);
	assert_int_equal(b.woken, 1);
	assert_true(waits(fa) && waits(fc));
	assert_int_equal(co__lot_wake(b.address, LOT_ALL), 0);
	assert_int_equal(co__lot_wake(&place, LOT_ALL), 2);
	join(fa);
	join(fc);
	assert_int_equal(a.woken, 2);
	assert_int_equal(c.woken, 3);
}

static void nobody_there_is_nobody_woken(void **state)
{
	char place = 0;

	(void)state;
	assert_int_equal(co__lot_wake(&place, 1), 0);
	assert_int_equal(co__lot_wake(NULL, LOT_ALL), 0);
	assert_false(co__lot_busy(&place));
}

/* --- leaving ----------------------------------------------------------------------- */

static void leaving_tells_whether_a_wake_was_spent(void **state)
{
	struct lot_waiter waiter;
	char place = 0;

	(void)state;
	join(spawn(sleep_at,
		&(struct sleeper){.address = &place, .due = 1, .order = &(int){0}}));
	co__lot_enter(&waiter, &place, WAIT_DEAF);
	assert_true(co__lot_busy(&place));
	assert_false(co__lot_leave(&waiter));
	assert_false(co__lot_busy(&place));
	co__lot_enter(&waiter, &place, WAIT_DEAF);
	assert_int_equal(co__lot_wake(&place, 1), 1);
	assert_true(co__lot_leave(&waiter));
	assert_int_equal(co__lot_wake(&place, 1), 0);
	co_fiber_yield(); /* it is not in the run queue any more: nothing goes wrong */
}

static void leaving_from_the_middle_keeps_the_queue(void **state)
{
	int order = 0;
	char place = 0;
	struct sleeper a = {.address = &place, .order = &order}, b = a;
	co_fiber *fa = put_to_sleep(&a), *fb;
	struct lot_waiter waiter;

	(void)state;
	co__lot_enter(&waiter, &place, WAIT_DEAF);
	fb = put_to_sleep(&b);
	assert_false(co__lot_leave(&waiter));
	assert_int_equal(co__lot_wake(&place, 1), 1);
	join(fa);
	assert_int_equal(co__lot_wake(&place, 1), 1);
	join(fb);
	assert_int_equal(a.woken + 10 * b.woken, 21);
}

/* --- other ends of a wait ---------------------------------------------------------- */

static void a_timeout_takes_its_waiter_out(void **state)
{
	int order = 0;
	char place = 0;
	uint64_t begun = monotonic();
	struct sleeper late = {
		.address = &place, .due = begun + 20 * MS, .order = &order};
	struct sleeper stays = {.address = &place, .order = &order};
	co_fiber *fl = put_to_sleep(&late), *fs = put_to_sleep(&stays);

	(void)state;
	join(fl);
	assert_int_equal(late.result, -ETIME);
	assert_true(monotonic() >= late.due);
	assert_int_equal(
		co__lot_wake(&place, 1), 1); /* it goes to the one who is there */
	join(fs);
	assert_int_equal(stays.result, 0);
	assert_false(co__lot_busy(&place));
}

static void *sleep_lightly(void *arg)
{
	struct sleeper *s = arg;
	struct lot_waiter waiter;

	co__lot_enter(&waiter, s->address, 0);
	s->result = co__lot_park(&waiter, DUE_NEVER);
	return NULL;
}

static void a_cancel_spends_no_wake(void **state)
{
	int order = 0;
	char place = 0;
	struct sleeper light = {.address = &place},
		       deaf = {.address = &place, .order = &order};
	co_fiber *fl = spawn(sleep_lightly, &light), *fd;

	(void)state;
	until_waits(fl);
	fd = put_to_sleep(&deaf);
	co_fiber_cancel(fl);
	co_fiber_cancel(fd);
	assert_true(waits(fd));
	assert_int_equal(co__lot_wake(&place, 1), 1);
	join(fl);
	join(fd);
	assert_int_equal(light.result, -ECANCELED);
	assert_int_equal(deaf.result, 0);
}

/* --- looks ------------------------------------------------------------------------- */

struct watched {
	struct sleeper sleeper;
	bool there;
	int looks;
};

static bool is_there(void *object)
{
	struct watched *w = object;

	w->looks++;
	return w->there;
}

static void *sleep_and_look(void *arg)
{
	struct watched *w = arg;
	struct lot_waiter waiter;

	co__lot_enter(&waiter, w->sleeper.address, WAIT_DEAF);
	co__wait_look(is_there, w);
	w->sleeper.result = co__lot_park(&waiter, w->sleeper.due);
	w->sleeper.woken = ++*w->sleeper.order;
	return NULL;
}

static void looks_that_find_nothing_keep_the_place(void **state)
{
	int order = 0;
	char place = 0;
	struct watched a = {.sleeper = {.address = &place, .due = DUE_NEVER, .order = &order}};
	struct watched b = a;
	co_fiber *fa = spawn(sleep_and_look, &a), *fb;

	(void)state;
	until_waits(fa);
	fb = spawn(sleep_and_look, &b);
	until_waits(fb);
	while (a.looks < 6 || b.looks < 6)
		must(co__wait_until(monotonic() + MS, 0) == -ETIME);
	assert_true(waits(fa) && waits(fb));
	assert_int_equal(co__lot_wake(&place, 1), 1);
	join(fa);
	assert_int_equal(co__lot_wake(&place, 1), 1);
	join(fb);
	assert_int_equal(a.sleeper.woken + 10 * b.sleeper.woken, 21);
	assert_int_equal(a.sleeper.result | b.sleeper.result, 0);
}

static void a_look_that_finds_something_ends_the_wait(void **state)
{
	int order = 0;
	char place = 0;
	struct watched a = {.sleeper = {.address = &place, .due = DUE_NEVER, .order = &order}};
	co_fiber *fa = spawn(sleep_and_look, &a);

	(void)state;
	until_waits(fa);
	a.there = true;
	join(fa);
	assert_int_equal(a.sleeper.result, -ERESTART);
	assert_int_equal(a.looks, 1);
	assert_false(co__lot_busy(&place));
	join(spawn(sleep_at, &(struct sleeper){&place, monotonic() + 20 * MS, &order, 0, 0}));
	assert_int_equal(a.looks, 1); /* the next wait has none */
}

static void deadlines_end_waits_with_looks(void **state)
{
	int order = 0;
	char place = 0;
	const uint64_t due = monotonic() + 40 * MS;
	struct watched a = {.sleeper = {.address = &place, .due = due, .order = &order}};

	(void)state;
	join(spawn(sleep_and_look, &a));
	assert_int_equal(a.sleeper.result, -ETIME);
	assert_true(monotonic() >= a.sleeper.due);
	assert_true(a.looks > 1);
}

/* --- other threads ----------------------------------------------------------------- */

static atomic_int available;

/* A semaphore, as mirrors use the lot. */
static void take_one(void)
{
	struct lot_waiter waiter;
	int n;

	for (;;) {
		co__lot_enter(&waiter, &available, WAIT_DEAF);
		n = atomic_load(&available);
		while (n > 0 && !atomic_compare_exchange_weak(&available, &n, n - 1))
			;
		if (n > 0)
			break;
		co__lot_park(&waiter, DUE_NEVER);
	}
	if (co__lot_leave(&waiter))
		co__lot_wake(&available, 1);
}

static void *consume(void *arg)
{
	for (int i = 0; i < *(int *)arg; i++)
		take_one();
	return NULL;
}

static void *produce(void *arg)
{
	for (int i = 0; i < *(int *)arg; i++) {
		atomic_fetch_add(&available, 1);
		co__lot_wake(&available, 1);
	}
	return NULL;
}

static void *consume_on_a_worker(void *arg)
{
	co_fiber *fibers[4];

	for (size_t i = 0; i < COUNT(fibers); i++)
		fibers[i] = spawn(consume, arg);
	for (size_t i = 0; i < COUNT(fibers); i++)
		join(fibers[i]);
	return NULL;
}

/* 3 workers with 4 fibers each wait for what 3 threads give: none is lost, none too many.
 */
static void wakes_from_other_threads_are_not_lost(void **state)
{
	int each = 4000, given = 16000;
	pthread_t consumers[3], producers[3];

	(void)state;
	for (int i = 0; i < 3; i++)
		must(pthread_create(&consumers[i], NULL, consume_on_a_worker, &each) ==
			0);
	for (int i = 0; i < 3; i++)
		must(pthread_create(&producers[i], NULL, produce, &given) == 0);
	for (int i = 0; i < 3; i++) {
		must(pthread_join(producers[i], NULL) == 0);
		must(pthread_join(consumers[i], NULL) == 0);
	}
	assert_int_equal(atomic_load(&available), 0);
	assert_false(co__lot_busy(&available));
}

struct remote {
	co_fiber *fiber;
	enum wake why;
	bool claimed;
};

static void *wake_it(void *arg)
{
	struct remote *r = arg;

	r->claimed = co__wake(r->fiber, r->why);
	return NULL;
}

static bool wake_from_another_thread(co_fiber *fiber, enum wake why)
{
	struct remote r = {fiber, why, false};
	pthread_t thread;

	must(pthread_create(&thread, NULL, wake_it, &r) == 0);
	must(pthread_join(thread, NULL) == 0);
	return r.claimed;
}

static void *wait_too_late(void *arg)
{
	co_fiber *self = co_fiber_self();

	co__wait_begin(0);
	must(wake_from_another_thread(self, WAKE_EVENT));
	must(co__wait_park(1) == 0); /* the time has passed, but the wake came first */
	must(!wake_from_another_thread(self, WAKE_EVENT));
	co_fiber_cancel(self);
	co__wait_begin(0);
	must(wake_from_another_thread(self, WAKE_EVENT));
	must(co__wait_park(DUE_NEVER) == 0);
	must(co__wait_until(DUE_NEVER, 0) == -ECANCELED);
	return arg;
}

/* What would end the wait at once comes second: the wake must not be waited for again. */
static void a_wake_that_overtakes_a_timeout_or_a_cancel_counts(void **state)
{
	(void)state;
	join(spawn(wait_too_late, NULL));
}

static void *abandon(void *arg)
{
	co__wait_begin(0);
	must(wake_from_another_thread(co_fiber_self(), WAKE_EVENT));
	co__wait_abandon();
	must(!wake_from_another_thread(co_fiber_self(), WAKE_EVENT));
	co__wait_begin(0);
	co__wait_abandon();
	must(co__wait_until(monotonic() + MS, 0) == -ETIME);
	return arg;
}

static void a_wait_can_be_abandoned_at_any_time(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++)
		join(spawn(abandon, NULL));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_waiting_wakes_first),
		cmocka_unit_test(as_many_wake_as_are_asked_for),
		cmocka_unit_test(addresses_of_one_bucket_are_kept_apart),
		cmocka_unit_test(nobody_there_is_nobody_woken),
		cmocka_unit_test(leaving_tells_whether_a_wake_was_spent),
		cmocka_unit_test(leaving_from_the_middle_keeps_the_queue),
		cmocka_unit_test(a_timeout_takes_its_waiter_out),
		cmocka_unit_test(a_cancel_spends_no_wake),
		cmocka_unit_test(looks_that_find_nothing_keep_the_place),
		cmocka_unit_test(a_look_that_finds_something_ends_the_wait),
		cmocka_unit_test(deadlines_end_waits_with_looks),
		cmocka_unit_test(wakes_from_other_threads_are_not_lost),
		cmocka_unit_test(a_wait_can_be_abandoned_at_any_time),
		cmocka_unit_test(a_wake_that_overtakes_a_timeout_or_a_cancel_counts),
	};

	return RUN(tests);
}
