/* thread_ends.c - how threads that are fibers end: exits from any depth, handlers, values
 * and results. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"

#include <limits.h>

static pthread_t create(void *(*entry)(void *), void *arg)
{
	pthread_t thread;

	must(co_pthread_create(&thread, NULL, entry, arg) == 0);
	return thread;
}

static void *finish(pthread_t thread)
{
	void *result = NULL;

	must(co_pthread_join(thread, &result) == 0);
	return result;
}

/* --- exits ------------------------------------------------------------------------- */

static char order[32];
static size_t nordered;

static void note(void *arg)
{
	must(nordered < sizeof(order) - 1);
	order[nordered++] = *(const char *)arg;
	order[nordered] = '\0';
}

static char letters[] = "abcdefgh";

static int __attribute__((noinline)) nest(int depth)
{
	volatile int result = depth;

	if (depth > 3)
		return 0;
	pthread_cleanup_push(note, &letters[depth]);
	if (depth == 3)
		co_pthread_exit((void *)42);
	co_fiber_yield();
	result += nest(depth + 1);
	pthread_cleanup_pop(0);
	return result;
}

static void *exit_from_below(void *arg)
{
	(void)arg;
	return (void *)(intptr_t)nest(0);
}

static void an_exit_unwinds_every_frame(void **state)
{
	(void)state;
	nordered = 0;
	assert_ptr_equal(finish(create(exit_from_below, NULL)), (void *)42);
	assert_string_equal(order, "dcba");
}

static void *exit_at_once(void *arg)
{
	co_pthread_exit(arg);
	return NULL;
}

static void exits_without_handlers_give_the_result(void **state)
{
	(void)state;
	assert_ptr_equal(finish(create(exit_at_once, state)), state);
	assert_null(finish(create(exit_at_once, NULL)));
}

static void waiting_handler(void *arg)
{
	must(co_usleep(1000) == 0);
	note(arg);
}

static void *exit_with_a_waiting_handler(void *arg)
{
	pthread_cleanup_push(waiting_handler, arg);
	co_pthread_exit(arg);
	pthread_cleanup_pop(0);
	return NULL;
}

/* Chains of handlers are the fibers' own, however they take turns. */
static void handlers_may_wait(void **state)
{
	pthread_t threads[4];

	(void)state;
	nordered = 0;
	for (int i = 0; i < 4; i++)
		threads[i] = create(exit_with_a_waiting_handler, &letters[i]);
	for (int i = 0; i < 4; i++)
		assert_ptr_equal(finish(threads[i]), &letters[i]);
	assert_string_equal(order, "abcd");
}

/* --- values ------------------------------------------------------------------------ */

static pthread_key_t keys[8];
static int rounds;

static void set_again(void *value)
{
	rounds++;
	must(co_pthread_getspecific(keys[0]) == NULL);
	must(co_pthread_setspecific(keys[0], value) == 0);
}

static void *set_first(void *arg)
{
	must(co_pthread_setspecific(keys[0], arg) == 0);
	return NULL;
}

static void destructors_have_so_many_rounds(void **state)
{
	(void)state;
	must(co_pthread_key_create(&keys[0], set_again) == 0);
	rounds = 0;
	finish(create(set_first, state));
	assert_int_equal(rounds, PTHREAD_DESTRUCTOR_ITERATIONS);
	must(co_pthread_key_delete(keys[0]) == 0);
}

static int counted;

static void wait_and_count(void *value)
{
	must(co_usleep(500) == 0);
	counted += *(int *)value;
}

static void set_the_next(void *value)
{
	counted += *(int *)value;
	must(co_pthread_setspecific(keys[1], value) == 0);
}

static void *set_both_ways(void *arg)
{
	static int one = 1;

	must(co_pthread_setspecific(keys[0], &one) == 0);
	must(co_pthread_setspecific(keys[2], &one) == 0);
	must(co_pthread_setspecific(keys[2], NULL) == 0); /* nothing to destroy */
	if (arg)
		co_pthread_exit(arg);
	return NULL;
}

static void destructors_run_on_return_and_on_exit(void **state)
{
	(void)state;
	must(co_pthread_key_create(&keys[0], set_the_next) == 0);
	must(co_pthread_key_create(&keys[1], wait_and_count) == 0);
	must(co_pthread_key_create(&keys[2], wait_and_count) == 0);
	counted = 0;
	finish(create(set_both_ways, NULL));
	assert_int_equal(counted, 2);
	finish(create(set_both_ways, state));
	assert_int_equal(counted, 4);
	for (int i = 0; i < 3; i++)
		must(co_pthread_key_delete(keys[i]) == 0);
}

static void never(void *value)
{
	must(value == NULL);
}

static void *find_nothing(void *arg)
{
	must(co_pthread_getspecific(*(pthread_key_t *)arg) == NULL);
	return NULL;
}

static void *outlive_the_key(void *arg)
{
	must(co_pthread_setspecific(keys[0], arg) == 0);
	must(co_pthread_key_delete(keys[0]) == 0);
	must(co_pthread_setspecific(keys[0], arg) == EINVAL);
	must(co_pthread_key_create(&keys[1], never) == 0);
	must(keys[1] != keys[0] || co_pthread_getspecific(keys[1]) == NULL);
	return NULL;
}

static void a_key_of_the_same_number_is_another(void **state)
{
	(void)state;
	must(co_pthread_key_create(&keys[0], never) == 0);
	finish(create(outlive_the_key, state));
	finish(create(find_nothing, &keys[1]));
	must(co_pthread_key_delete(keys[1]) == 0);
	must(co_pthread_setspecific(PTHREAD_KEYS_MAX, state) == EINVAL);
	must(co_pthread_getspecific(PTHREAD_KEYS_MAX) == NULL);
}

static void *own_value(void *arg)
{
	for (int i = 0; i < 50; i++) {
		must(co_pthread_setspecific(keys[0], (char *)arg + i) == 0);
		co_fiber_yield();
		must(co_pthread_getspecific(keys[0]) == (char *)arg + i);
	}
	return NULL;
}

static void values_are_each_fibers_own(void **state)
{
	static char places[8][64];
	pthread_t threads[8];

	must(co_pthread_key_create(&keys[0], NULL) == 0);
	must(co_pthread_setspecific(keys[0], state) == 0);
	for (int i = 0; i < 8; i++)
		threads[i] = create(own_value, places[i]);
	for (int i = 0; i < 8; i++)
		finish(threads[i]);
	assert_ptr_equal(co_pthread_getspecific(keys[0]), state);
	must(co_pthread_key_delete(keys[0]) == 0);
}

/* --- joins ------------------------------------------------------------------------- */

static void *return_it(void *arg)
{
	return arg;
}

static void joins_across_kinds(void **state)
{
	pthread_t real, fiber = create(return_it, state);

	must(pthread_create(&real, NULL, return_it, letters) == 0);
	assert_ptr_equal(finish(real), letters);
	assert_ptr_equal(finish(fiber), state);
	assert_int_equal(co_pthread_join(pthread_self(), NULL), EDEADLK);
}

static void *join_it(void *arg)
{
	return finish(*(pthread_t *)arg);
}

static void a_real_thread_joins_a_fiber(void **state)
{
	for (int i = 0; i < 20; i++) {
		pthread_t fiber = create(i % 2 ? return_it : exit_at_once, state), real;
		void *result;

		must(pthread_create(&real, NULL, join_it, &fiber) == 0);
		assert_ptr_equal(finish(real), state);
		must(co_pthread_create(&fiber, NULL, return_it, state) == 0);
		must(co_pthread_join(fiber, &result) == 0 && result == state);
	}
}

/* --- the main thread --------------------------------------------------------------- */

static void *say_it_later(void *arg)
{
	must(co_usleep(3000) == 0);
	must(write(STDERR_FILENO, arg, 5) == 5);
	return NULL;
}

/* What the frames below held is lost, as LeakSanitizer would notice. */
static void leave(int status, void *arg)
{
	(void)arg;
	_exit(status);
}

static void exit_in_main(void *arg)
{
	static char text[] = "later";

	must(on_exit(leave, NULL) == 0);
	create(say_it_later, text);
	co_pthread_exit(arg);
}

static void an_exit_in_main_lets_others_finish(void **state)
{
	struct child child;

	(void)state;
	child_run(&child, exit_in_main, NULL);
	assert_int_equal(child.status, 0);
	assert_string_equal(child.output, "later");
}

/* --- the runtime's own threads ------------------------------------------------------- */

/* LeakSanitizer misses what only frames of main, which are gone, pointed to. */
static void say_goodbye(void)
{
	must(write(STDERR_FILENO, "bye", 3) == 3);
	if (UNDER_ASAN)
		_exit(0);
}

static void *look_up(void *arg)
{
	struct addrinfo *list;

	if (co_getaddrinfo("localhost", "http", NULL, &list) == 0)
		freeaddrinfo(list);
	return arg;
}

static void look_up_and_exit(void *arg)
{
	atexit(say_goodbye);
	create(look_up, NULL);
	co_pthread_exit(arg);
}

static void *wait_for_any(void *arg)
{
	must(co_waitpid(-1, NULL, 0) < 0 && errno == ECANCELED);
	return arg;
}

/* The child goes with its parent: it has the other end of the pipe. */
static void give_up_waiting_and_exit(void *arg)
{
	co_fiber *fiber;
	int fds[2];
	char byte;

	atexit(say_goodbye);
	must(pipe2(fds, O_CLOEXEC) == 0);
	if (fork() == 0) {
		close(fds[1]);
		close(STDERR_FILENO);
		_exit((int)read(fds[0], &byte, 1));
	}
	fiber = spawn(wait_for_any, NULL);
	until_waits(fiber);
	co_fiber_cancel(fiber);
	join(fiber);
	co_pthread_exit(arg);
}

static void goes_with_main(void (*body)(void *arg))
{
	struct child child;

	child_run(&child, body, NULL);
	if (child.status != 0 || strcmp(child.output, "bye") != 0)
		fail_msg("status %#x, said: %s", (unsigned)child.status, child.output);
}

static void threads_of_ours_do_not_keep_the_process(void **state)
{
	(void)state;
	goes_with_main(look_up_and_exit);
	goes_with_main(give_up_waiting_and_exit);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_exit_unwinds_every_frame),
		cmocka_unit_test(exits_without_handlers_give_the_result),
		cmocka_unit_test(handlers_may_wait),
		cmocka_unit_test(destructors_have_so_many_rounds),
		cmocka_unit_test(destructors_run_on_return_and_on_exit),
		cmocka_unit_test(a_key_of_the_same_number_is_another),
		cmocka_unit_test(values_are_each_fibers_own),
		cmocka_unit_test(joins_across_kinds),
		cmocka_unit_test(a_real_thread_joins_a_fiber),
		cmocka_unit_test(an_exit_in_main_lets_others_finish),
		cmocka_unit_test(threads_of_ours_do_not_keep_the_process),
	};

	return RUN(tests);
}
