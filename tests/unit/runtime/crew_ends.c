/* crew_ends.c - threads that are fibers, spread over several workers (COHOOK_WORKERS is
 * 3): how a program ends without its first thread. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"

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

static int out;
static char letter_a[] = "a", letter_b[] = "b";

static void *say_late(void *arg)
{
	must(co_usleep(2000) == 0);
	must(co_fsync(out) == -1 &&
		errno == EINVAL); /* by a thread of libuv's pool, which stays */
	must(co_write(out, arg, 1) == 1);
	return NULL;
}

static void *make_one_late(void *arg)
{
	must(co_usleep(2000) == 0);
	create(say_late, arg);
	return NULL;
}

static void leave_first(void)
{
	create(make_one_late, letter_a);
	create(say_late, letter_b);
	co_pthread_exit(NULL);
}

static void *fork_and_leave(void *arg)
{
	pid_t child = fork();

	if (child)
		return (void *)(intptr_t)child;
	create(make_one_late, letter_a);
	create(say_late, letter_b);
	return arg; /* the only thread of the child ends, its others go on */
}

/* What the process CHILD, which has the other end, says before it ends well. */
static void hear(pid_t child, int in)
{
	char said[8];
	size_t n = 0;
	ssize_t r;
	int status;

	must(close(out) == 0);
	while ((r = read(in, said + n, sizeof(said) - n)) > 0)
		n += (size_t)r;
	must(waitpid(child, &status, 0) == child);
	must(close(in) == 0);
	assert_int_equal(status, 0);
	assert_int_equal(n, 2);
	assert_int_not_equal(said[0], said[1]);
}

static void the_last_fiber_ends_the_program(void **state)
{
	int fds[2];
	pid_t child;

	(void)state;
	must(pipe(fds) == 0);
	out = fds[1];
	child = fork();
	if (child == 0) {
		must(close(fds[0]) == 0);
		leave_first();
	}
	hear(child, fds[0]);
}

static void the_last_fiber_ends_a_child_of_a_fiber(void **state)
{
	int fds[2];

	(void)state;
	must(pipe(fds) == 0);
	out = fds[1];
	hear((pid_t)(intptr_t)finish(create(fork_and_leave, NULL)), fds[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_fiber_ends_the_program),
		cmocka_unit_test(the_last_fiber_ends_a_child_of_a_fiber),
	};

	return RUN(tests);
}
