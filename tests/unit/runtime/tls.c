/* tls.c - copies of thread-local variables: what a fiber begins with, where they are, how
 * long they live. OWN() is what the rewriter makes of a use. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"
#include "tls.h"

#include <pthread.h>
#include <sys/wait.h>

enum { FIBERS = 50, ROUNDS = 100 };

static __thread int number = 5;
static __thread char zeros[3 * 4096];
static __thread int aligned __attribute__((aligned(512))) = 9;
static __thread const char *name = "begin";

static void *own(const volatile void *variable)
{
	return co__tls_shift & 1
		       ? co__tls_find(variable)
		       : (void *)((uintptr_t)variable + (uintptr_t)co__tls_shift);
}

#define OWN(variable) (*(__typeof__(&(variable)))own(&(variable)))

/* --- one fiber ---------------------------------------------------------------------- */

static void *look_and_change(void *arg)
{
	(void)arg;
	must(!co__ctx.running->tls_blocks);
	must(OWN(number) == 5 && OWN(aligned) == 9 && !strcmp(OWN(name), "begin"));
	for (size_t i = 0; i < sizeof(zeros); i++)
		must(!OWN(zeros)[i]);
	must((uintptr_t)&OWN(aligned) % 512 == 0);
	must((uintptr_t)&OWN(number) % _Alignof(int) == 0);
	must(&OWN(number) != &number);
	OWN(number) = OWN(aligned) = -1;
	OWN(name) = NULL;
	memset(OWN(zeros), 'x', sizeof(zeros));
	return NULL;
}

/* Stacks are used again. */
static void a_fiber_begins_as_a_thread_does(void **state)
{
	(void)state;
	number = 70;
	name = "mine";
	for (int i = 0; i < FIBERS; i++)
		join(spawn(look_and_change, NULL));
	assert_int_equal(number, 70);
	assert_string_equal(name, "mine");
	assert_int_equal(zeros[0] | aligned, 9);
	number = 5;
	name = "begin";
}

static void *do_nothing(void *arg)
{
	co_fiber_yield();
	must(!co__ctx.running->tls_blocks);
	return arg;
}

static void a_fiber_that_names_none_has_no_copy(void **state)
{
	(void)state;
	join(spawn(do_nothing, NULL));
}

/* --- several ------------------------------------------------------------------------ */

static void *count(void *arg)
{
	int *mine = &OWN(number);

	for (int i = 0; i < ROUNDS; i++) {
		must(OWN(number) == 5 + i && &OWN(number) == mine);
		OWN(number)++;
		co_fiber_yield();
	}
	*(int **)arg = mine;
	return NULL;
}

static void fibers_have_one_each_at_an_address_that_stays(void **state)
{
	co_fiber *fibers[FIBERS];
	int *places[FIBERS];

	(void)state;
	for (int i = 0; i < FIBERS; i++)
		fibers[i] = spawn(count, &places[i]);
	for (int i = 0; i < ROUNDS; i++) {
		assert_ptr_equal(&OWN(number), &number);
		assert_int_equal(number, 5);
		co_fiber_yield();
	}
	for (int i = 0; i < FIBERS; i++)
		join(fibers[i]);
	for (int i = 1; i < FIBERS; i++)
		assert_ptr_not_equal(places[i], places[i - 1]);
}

static void *poke(void *arg)
{
	int **place = arg;

	while (!*(int *volatile *)place)
		co_fiber_yield();
	must(**place == 5);
	**place = 6;
	OWN(number) = 100;
	return NULL;
}

static void *show(void *arg)
{
	*(int **)arg = &OWN(number);
	while (*(volatile int *)&OWN(number) == 5)
		co_fiber_yield();
	must(OWN(number) == 6);
	return NULL;
}

static void a_pointer_to_one_means_the_same_to_others(void **state)
{
	int *place = NULL;
	co_fiber *a = spawn(show, &place), *b = spawn(poke, &place);

	(void)state;
	join(a);
	join(b);
}

/* --- elsewhere ---------------------------------------------------------------------- */

static void *in_thread(void *arg)
{
	(void)arg;
	must(&OWN(number) == &number && number == 5);
	join(spawn(look_and_change, NULL));
	must(&OWN(number) == &number && number == 5);
	co_fiber_yield();
	return NULL;
}

static void threads_use_their_own(void **state)
{
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, in_thread, NULL), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
}

static volatile int seen;

static void on_signal(int signal)
{
	(void)signal;
	seen = OWN(number);
	OWN(number) = 33;
}

static void *raise_it(void *arg)
{
	(void)arg;
	must(raise(SIGUSR1) == 0);
	must(seen == 5 && OWN(number) == 33);
	co_fiber_yield();
	must(OWN(number) == 33);
	must(raise(SIGUSR1) == 0 && seen == 33);
	return NULL;
}

static void a_handler_uses_those_of_the_fiber_that_it_interrupts(void **state)
{
	struct sigaction action = {.sa_handler = on_signal}, before;

	(void)state;
	assert_int_equal(co_sigaction(SIGUSR1, &action, &before), 0);
	join(spawn(raise_it, NULL));
	assert_int_equal(number, 5);
	assert_int_equal(co_sigaction(SIGUSR1, &before, NULL), 0);
}

static void *fork_once(void *arg)
{
	int status;

	(void)arg;
	OWN(number) = 44;
	pid_t child = fork();
	if (child == 0) {
		co_usleep(1);
		_exit(OWN(number) == 44 ? 0 : 1);
	}
	must(co_waitpid(child, &status, 0) == child);
	must(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	must(OWN(number) == 44);
	return NULL;
}

static void the_child_of_a_fork_has_those_of_the_fiber(void **state)
{
	(void)state;
	join(spawn(fork_once, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_fiber_begins_as_a_thread_does),
		cmocka_unit_test(a_fiber_that_names_none_has_no_copy),
		cmocka_unit_test(fibers_have_one_each_at_an_address_that_stays),
		cmocka_unit_test(a_pointer_to_one_means_the_same_to_others),
		cmocka_unit_test(threads_use_their_own),
		cmocka_unit_test(a_handler_uses_those_of_the_fiber_that_it_interrupts),
		cmocka_unit_test(the_child_of_a_fork_has_those_of_the_fiber),
	};

	return RUN(tests);
}
