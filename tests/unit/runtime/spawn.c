/* spawn.c - making fibers, naming them, joining and detaching them. */
#define _GNU_SOURCE
#include "case.h"
#include "stack.h"

#include <execinfo.h>
#include <sys/resource.h>

static void *give_back(void *arg)
{
	return arg;
}

static void *keep_waiting(void *arg)
{
	while (!*(volatile bool *)arg)
		co_fiber_yield();
	return NULL;
}

/* --- the life of one --------------------------------------------------------------- */

static void a_joined_fiber_gives_its_result(void **state)
{
	void *result = NULL;
	co_fiber *fiber;
	int word = 7;

	(void)state;
	assert_int_equal(co_fiber_spawn(&fiber, NULL, give_back, &word), 0);
	assert_int_equal(co_fiber_join(fiber, &result), 0);
	assert_ptr_equal(result, &word);
	assert_int_equal(co_fiber_spawn(&fiber, NULL, give_back, &word), 0);
	assert_int_equal(co_fiber_join(fiber, NULL), 0);
}

static void *note_running(void *arg)
{
	*(bool *)arg = true;
	return NULL;
}

static void it_does_not_run_before_the_spawner_waits(void **state)
{
	bool ran = false;
	co_fiber *fiber = spawn(note_running, &ran);

	(void)state;
	assert_false(ran);
	co_fiber_yield();
	assert_true(ran);
	join(fiber); /* that it has ended already makes no difference */
}

static void *name_itself(void *arg)
{
	co_fiber *self = co_fiber_self();

	must(self != NULL);
	must(co_fiber_set_name(NULL, arg) == 0);
	return self;
}

static void it_knows_itself(void **state)
{
	char name[] = "x";
	co_fiber *fiber;

	(void)state;
	assert_null(co_fiber_self());
	fiber = spawn(name_itself, name);
	assert_null(co_fiber_self());
	assert_ptr_equal(join(fiber), fiber);
}

static void names_are_copied_and_cut(void **state)
{
	char name[] = "0123456789abcdefghij";
	struct co_fiber_attr attr = {.name = name};
	bool done = false;
	co_fiber *fiber;

	(void)state;
	assert_int_equal(co_fiber_spawn(&fiber, &attr, keep_waiting, &done), 0);
	memset(name, '!', sizeof(name) - 1);
	assert_string_equal(fiber->name, "0123456789abcde");
	assert_int_equal(co_fiber_set_name(fiber, "short"), 0);
	assert_string_equal(fiber->name, "short");
	assert_int_equal(co_fiber_set_name(fiber, "0123456789abcdefghij"), 0);
	assert_string_equal(fiber->name, "0123456789abcde");
	assert_int_equal(co_fiber_set_name(fiber, NULL), -EINVAL);
	assert_int_equal(co_fiber_set_name(NULL, "nobody runs"), -EINVAL);
	done = true;
	join(fiber);
}

static void *overwrite_errno(void *arg)
{
	for (int i = 0; i < 10; i++) {
		errno = (int)(intptr_t)arg;
		co_fiber_yield();
		must(errno == (int)(intptr_t)arg);
	}
	return NULL;
}

static void errno_is_each_fibers_own(void **state)
{
	co_fiber *a = spawn(overwrite_errno, (void *)1),
		 *b = spawn(overwrite_errno, (void *)2);

	(void)state;
	errno = 3;
	co_fiber_yield();
	assert_int_equal(errno, 3);
	join(a);
	assert_int_equal(errno, 3);
	join(b);
	assert_int_equal(errno, 3);
	a = spawn(give_back, NULL);
	assert_int_equal(errno, 3);
	join(a);
}

/* --- detaching --------------------------------------------------------------------- */

static void detached_fibers_free_themselves(void **state)
{
	const struct co_fiber_attr attr = {.detached = 1};
	bool ran = false;
	co_fiber *fiber, *next;

	(void)state;
	assert_int_equal(co_fiber_spawn(NULL, &attr, note_running, &ran), 0);
	co_fiber_yield();
	assert_true(ran);
	assert_int_equal(co_fiber_spawn(&fiber, &attr, give_back, NULL), 0);
	assert_int_equal(co_fiber_detach(fiber), -EINVAL);
	assert_int_equal(co_fiber_join(fiber, NULL), -EINVAL);
	co_fiber_yield();
	next = spawn(give_back, NULL);
	assert_ptr_equal(next, fiber); /* on the same stack: it was freed */
	join(next);
}

static void detaching_works_before_and_after_the_end(void **state)
{
	co_fiber *early = spawn(give_back, NULL), *late;

	(void)state;
	assert_int_equal(co_fiber_detach(early), 0);
	co_fiber_yield();
	late = spawn(give_back, NULL);
	assert_ptr_equal(late, early);
	co_fiber_yield(); /* it has ended, and waits to be asked for */
	early = spawn(give_back, NULL);
	assert_ptr_not_equal(early, late);
	assert_int_equal(co_fiber_detach(late), 0);
	join(early);
}

struct joining {
	co_fiber *whom;
	int result;
};

static void *join_it(void *arg)
{
	struct joining *j = arg;

	j->result = co_fiber_join(j->whom, NULL);
	return NULL;
}

static void only_one_may_join(void **state)
{
	bool done = false;
	struct joining first = {spawn(keep_waiting, &done), 99};
	co_fiber *joiner = spawn(join_it, &first);

	(void)state;
	until_waits(joiner);
	assert_int_equal(co_fiber_join(first.whom, NULL), -EINVAL);
	assert_int_equal(co_fiber_detach(first.whom), -EINVAL);
	done = true;
	join(joiner);
	assert_int_equal(first.result, 0);
}

static void *join_self(void *arg)
{
	(void)arg;
	return (void *)(intptr_t)co_fiber_join(co_fiber_self(), NULL);
}

static void nobody_joins_himself(void **state)
{
	co_fiber *fiber = spawn(join_self, NULL);

	(void)state;
	assert_int_equal((intptr_t)join(fiber), -EDEADLK);
}

/* --- what is refused --------------------------------------------------------------- */

static void bad_arguments_are_refused(void **state)
{
	const struct co_fiber_attr tiny = {.stack_size = 4095},
				   small = {.stack_size = 4096};
	co_fiber *fiber = (co_fiber *)state;

	assert_int_equal(co_fiber_spawn(&fiber, NULL, NULL, NULL), -EINVAL);
	assert_int_equal(co_fiber_spawn(NULL, NULL, give_back, NULL), -EINVAL);
	assert_int_equal(co_fiber_spawn(&fiber, &tiny, give_back, NULL), -EINVAL);
	assert_ptr_equal(fiber, state);
	assert_int_equal(co_fiber_spawn(&fiber, &small, give_back, NULL), 0);
	join(fiber);
}

static void stacks_beyond_all_memory_are_refused(void **state)
{
	static const size_t sizes[] = {
		SIZE_MAX, SIZE_MAX - 100, SIZE_MAX / 4, (size_t)1 << 60, (size_t)1 << 50};
	co_fiber *fiber = (co_fiber *)state;

	errno = 0;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct co_fiber_attr attr = {.stack_size = sizes[i]};
		assert_int_equal(co_fiber_spawn(&fiber, &attr, give_back, NULL), -ENOMEM);
		assert_ptr_equal(fiber, state);
	}
	assert_int_equal(errno, 0);
	join(spawn(give_back, NULL));
}

static void *use_all_of_it(void *arg)
{
	co_fiber *self = co_fiber_self();
	size_t usable = (size_t)((char *)self - self->stack.base);

	must(usable >= *(size_t *)arg);
	must((char *)__builtin_frame_address(0) < (char *)self);
	memset(self->stack.base, 1, usable - 2048);
	return NULL;
}

static void stacks_are_as_large_as_asked_for(void **state)
{
	(void)state;
	for (size_t size = 64 * 1024; size < 80 * 1024; size += 61) {
		struct co_fiber_attr attr = {.stack_size = size};
		co_fiber *fiber;
		assert_int_equal(co_fiber_spawn(&fiber, &attr, use_all_of_it, &size), 0);
		join(fiber);
	}
}

/* --- many -------------------------------------------------------------------------- */

static void *count_up(void *arg)
{
	++*(unsigned long *)arg;
	return arg;
}

static void a_hundred_thousand_one_after_the_other(void **state)
{
	unsigned long count = 0;

	(void)state;
	for (int i = 0; i < 100000; i++)
		join(spawn(count_up, &count));
	assert_int_equal(count, 100000);
}

static void a_hundred_thousand_at_once(void **state)
{
	enum { MANY = 100000 };
	static co_fiber *fibers[MANY];
	static const struct co_fiber_attr small = {.stack_size = 4096};
	const int many = UNDER_ASAN ? MANY / 10 : MANY;
	unsigned long count = 0;

	(void)state;
	for (int i = 0; i < many; i++)
		assert_int_equal(co_fiber_spawn(&fibers[i], &small, count_up, &count), 0);
	assert_int_equal(count, 0);
	for (int i = 0; i < many; i++)
		join(fibers[i]);
	assert_int_equal(count, many);
}

static void *spawn_one(void *arg)
{
	uintptr_t depth = (uintptr_t)arg;

	return depth == 0 ? NULL
			  : (char *)join(spawn(spawn_one, (void *)(depth - 1))) + 1;
}

static void fibers_spawn_fibers(void **state)
{
	(void)state;
	assert_ptr_equal(join(spawn(spawn_one, (void *)500)), (void *)500);
}

static void exhaust(void *arg)
{
	enum { MANY = 10000 };
	static co_fiber *fibers[MANY];
	struct rlimit limit = {600 << 20, RLIM_INFINITY};
	int n = 0, r = 0;

	join(spawn(give_back, NULL));
	must(setrlimit(RLIMIT_AS, &limit) == 0);
	while (n < MANY && (r = co_fiber_spawn(&fibers[n], NULL, give_back, arg)) == 0)
		n++;
	must(r == -ENOMEM && n > 100);
	for (int i = 0; i < n; i++)
		must(join(fibers[i]) == arg);
	must(join(spawn(give_back, arg)) == arg);
}

static void no_memory_is_an_error_that_passes(void **state)
{
	(void)state;
	if (UNDER_ASAN) {
		print_message("AddressSanitizer does not live with RLIMIT_AS\n");
		skip();
	}
	child_succeeds(exhaust, &state);
}

/* --- debuggers --------------------------------------------------------------------- */

static void *look_back(void *arg)
{
	void *frames[64];
	int n = backtrace(frames, COUNT(frames));

	(void)arg;
	must(n >= 2 && n < (int)COUNT(frames)); /* it ends where the fiber begins */
	return NULL;
}

static void backtraces_end(void **state)
{
	(void)state;
	join(spawn(look_back, NULL));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_memory_is_an_error_that_passes),
		cmocka_unit_test(a_joined_fiber_gives_its_result),
		cmocka_unit_test(it_does_not_run_before_the_spawner_waits),
		cmocka_unit_test(it_knows_itself),
		cmocka_unit_test(names_are_copied_and_cut),
		cmocka_unit_test(errno_is_each_fibers_own),
		cmocka_unit_test(detached_fibers_free_themselves),
		cmocka_unit_test(detaching_works_before_and_after_the_end),
		cmocka_unit_test(only_one_may_join),
		cmocka_unit_test(nobody_joins_himself),
		cmocka_unit_test(bad_arguments_are_refused),
		cmocka_unit_test(stacks_beyond_all_memory_are_refused),
		cmocka_unit_test(stacks_are_as_large_as_asked_for),
		cmocka_unit_test(a_hundred_thousand_one_after_the_other),
		cmocka_unit_test(a_hundred_thousand_at_once),
		cmocka_unit_test(fibers_spawn_fibers),
		cmocka_unit_test(backtraces_end),
	};

	return RUN(tests);
}
