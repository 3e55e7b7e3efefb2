/* exceptions.c - every fiber has C++'s words for exceptions to itself. They are the test's
 * own here: no C++ is needed to see them change hands. */
#include "case.h"

static __thread struct exceptions words;

struct exceptions *__cxa_get_globals(void)
{
	return &words;
}

static void *handle(void *arg)
{
	const struct exceptions own = {arg, (unsigned int)(uintptr_t)arg};

	must(!words.caught && !words.uncaught);
	words = own;
	for (int i = 0; i < 3; i++) {
		co_fiber_yield();
		must(words.caught == own.caught && words.uncaught == own.uncaught);
	}
	return arg;
}

/* They end in the middle of handling; nothing of that is left to the others. */
static void each_fiber_has_its_own(void **state)
{
	co_fiber *fibers[4];

	(void)state;
	words = (struct exceptions){state, 7};
	for (uintptr_t i = 0; i < COUNT(fibers); i++)
		fibers[i] = spawn(handle, (void *)(i + 1));
	co_fiber_yield();
	assert_ptr_equal(words.caught, state);
	assert_int_equal(words.uncaught, 7);
	for (uintptr_t i = 0; i < COUNT(fibers); i++)
		assert_ptr_equal(join(fibers[i]), (void *)(i + 1));
	assert_ptr_equal(words.caught, state);
	assert_int_equal(words.uncaught, 7);
	words = (struct exceptions){0};
}

static void *ends(void *arg)
{
	words = (struct exceptions){arg, 1};
	return arg;
}

static void *begins(void *arg)
{
	must(!words.caught && !words.uncaught);
	return arg;
}

static void an_end_leaves_nothing_behind(void **state)
{
	co_fiber *first = spawn(ends, state), *second = spawn(begins, state);

	join(second);
	join(first);
	assert_null(words.caught);
	assert_int_equal(words.uncaught, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fiber_has_its_own),
		cmocka_unit_test(an_end_leaves_nothing_behind),
	};

	return RUN(tests);
}
