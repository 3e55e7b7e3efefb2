/* timer.c - the heap of deadlines against a model: a plain array that is searched from
 * end to end. */
#define _GNU_SOURCE
#include "case.h"
#include "loop/timer.h"

#include <sys/resource.h>

enum { MANY = 300, STEPS = 60000 };

static struct timer timers[MANY];
static uint64_t model[MANY]; /* when each is due; 0: not armed */
static struct timers heap;
static uint64_t now;

static uint64_t seed = 88172645463325252u;

static uint64_t random_below(uint64_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed % n;
}

static uint64_t model_next(void)
{
	uint64_t next = DUE_NEVER;

	for (int i = 0; i < MANY; i++)
		if (model[i] && model[i] < next)
			next = model[i];
	return next;
}

static unsigned model_count(void)
{
	unsigned n = 0;

	for (int i = 0; i < MANY; i++)
		n += model[i] != 0;
	return n;
}

static void arm(int i, uint64_t due)
{
	co__timer_arm(&heap, &timers[i], due);
	if (!model[i] || due < model[i]) /* an earlier one is left where it is */
		model[i] = due;
}

static void disarm(int i)
{
	co__timer_disarm(&heap, &timers[i]);
	model[i] = 0;
}

/* Everything that is due comes out, the earliest first, and nothing else. */
static void expire(void)
{
	uint64_t last = 0;
	struct timer *timer;

	while ((timer = co__timers_expire(&heap, now))) {
		ptrdiff_t i = timer - timers;
		assert_in_range(i, 0, MANY - 1);
		assert_true(model[i] != 0 && model[i] <= now);
		assert_true(model[i] >= last);
		assert_true(model[i] == model_next());
		assert_int_equal(timer->slot, 0);
		last = model[i];
		model[i] = 0;
	}
}

static void heap_is_sound(void)
{
	assert_int_equal(heap.count, model_count());
	assert_true(co__timers_next(&heap) == model_next());
	for (unsigned i = 0; i < heap.count; i++) {
		assert_int_equal(heap.heap[i].timer->slot, i + 1);
		assert_true(heap.heap[i].due == heap.heap[i].timer->due);
		assert_true(i == 0 || heap.heap[(i - 1) / 4].due <= heap.heap[i].due);
	}
}

static void start(void)
{
	memset(timers, 0, sizeof(timers));
	memset(model, 0, sizeof(model));
	heap = (struct timers){0};
	now = 1000;
	assert_int_equal(co__timers_reserve(&heap, MANY), 0);
}

static void agrees_with_the_model(void **state)
{
	(void)state;
	start();
	for (int step = 0; step < STEPS; step++) {
		int i = (int)random_below(MANY);
		switch (random_below(8)) {
		case 0:
			disarm(i);
			break;
		case 1:
			now += random_below(400);
			expire();
			break;
		case 2: /* ties are common */
			arm(i, now + 64 * random_below(8));
			break;
		default:
			arm(i, now + random_below(20000));
		}
		if (step % 64 == 0)
			heap_is_sound();
		assert_true(co__timers_next(&heap) == model_next());
	}
	now = UINT64_MAX - 1;
	expire();
	assert_int_equal(heap.count, 0);
	assert_true(co__timers_next(&heap) == DUE_NEVER);
	co__timers_fini(&heap);
}

static void an_earlier_time_moves_it_a_later_one_does_not(void **state)
{
	(void)state;
	start();
	arm(0, 5000);
	arm(0, 9000);
	assert_true(co__timers_next(&heap) == 5000);
	assert_null(co__timers_expire(&heap, 4999));
	arm(0, 3000);
	assert_true(co__timers_next(&heap) == 3000);
	arm(1, 4000);
	assert_ptr_equal(co__timers_expire(&heap, 3000), &timers[0]);
	assert_null(co__timers_expire(&heap, 3999));
	assert_ptr_equal(co__timers_expire(&heap, 4000), &timers[1]);
	assert_null(co__timers_expire(&heap, UINT64_MAX - 1));
	co__timers_fini(&heap);
}

static void disarming_is_harmless_at_any_time(void **state)
{
	(void)state;
	start();
	co__timer_disarm(&heap, &timers[0]);
	arm(0, 10);
	co__timer_disarm(&heap, &timers[0]);
	co__timer_disarm(&heap, &timers[0]);
	assert_int_equal(heap.count, 0);
	assert_null(co__timers_expire(&heap, 100));
	arm(0, 20);
	assert_ptr_equal(co__timers_expire(&heap, 100), &timers[0]);
	co__timer_disarm(&heap, &timers[0]);
	assert_int_equal(heap.count, 0);
	co__timers_fini(&heap);
}

/* Each position in a full heap, so that the last entry goes up and down into the gap. */
static void any_one_can_be_taken_out(void **state)
{
	(void)state;
	for (int victim = 0; victim < MANY; victim++) {
		start();
		for (int i = 0; i < MANY; i++)
			arm(i, now + 1 + random_below(500));
		disarm(victim);
		heap_is_sound();
		now += 1000;
		expire();
		assert_int_equal(model_count(), 0);
		co__timers_fini(&heap);
	}
}

static void out_of_memory(void *arg)
{
	struct rlimit none = {0, 0};

	(void)arg;
	start();
	arm(0, 10);
	must(setrlimit(RLIMIT_AS, &none) == 0);
	must(co__timers_reserve(&heap, 1u << 28) == -ENOMEM);
	must(co__timers_reserve(&heap, MANY) == 0); /* what there was is still there */
	must(co__timers_next(&heap) == 10);
	must(co__timers_expire(&heap, 10) == &timers[0]);
}

static void reserving_too_much_changes_nothing(void **state)
{
	(void)state;
	if (UNDER_ASAN) {
		print_message("AddressSanitizer does not live with RLIMIT_AS\n");
		skip();
	}
	child_succeeds(out_of_memory, NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_model),
		cmocka_unit_test(an_earlier_time_moves_it_a_later_one_does_not),
		cmocka_unit_test(disarming_is_harmless_at_any_time),
		cmocka_unit_test(any_one_can_be_taken_out),
		cmocka_unit_test(reserving_too_much_changes_nothing),
	};

	return RUN(tests);
}
