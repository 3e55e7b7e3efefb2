/* standin.c - threads that block for fibers: any number at once, recalled at any moment,
 * across a fork. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/cohook.h"
#include "cohook/posix.h"
#include "standin.h"
#include "wait.h"

static int way[2]; /* what an errand reads from */

static long read_one(void *arg)
{
	return read(way[0], arg, 1);
}

static void *send_out(void *arg)
{
	char byte;
	long r = co__standin_call(read_one, &byte, WAIT_SIGNALS);

	(void)arg;
	return (void *)(r == 1 ? 1L : (long)-errno);
}

enum { MANY = 40 };

static void begin(co_fiber **fibers, int n)
{
	assert_non_null(co_loop());
	assert_int_equal(pipe(way), 0);
	for (int i = 0; i < n; i++)
		assert_int_equal(co_fiber_spawn(&fibers[i], NULL, send_out, NULL), 0);
	co_fiber_yield();
}

static long outcome(co_fiber *fiber)
{
	void *r = NULL;

	assert_int_equal(co_fiber_join(fiber, &r), 0);
	return (long)r;
}

static void end(void)
{
	close(way[0]);
	close(way[1]);
}

static void any_number_at_once(void **state)
{
	co_fiber *fibers[MANY];

	(void)state;
	begin(fibers, MANY);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(write(way[1], "x", 1), 1);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(outcome(fibers[i]), 1);
	end();
}

/* Some before their thread has begun, some in the middle: none has taken anything. */
static void recalled_at_any_moment(void **state)
{
	co_fiber *fibers[MANY];
	char byte;

	(void)state;
	for (int round = 0; round < 20; round++) {
		begin(fibers, MANY);
		for (int i = 0; i < MANY; i++) {
			if (i % 4 == 0)
				co_usleep((unsigned)(i * round % 7) * 10);
			co_fiber_cancel(fibers[i]);
		}
		for (int i = 0; i < MANY; i++)
			assert_int_equal(outcome(fibers[i]), -ECANCELED);
		assert_int_equal(write(way[1], "x", 1), 1);
		assert_int_equal(read(way[0], &byte, 1), 1);
		end();
	}
}

/* One of them takes the byte, whatever becomes of the others. */
static void nothing_is_lost(void **state)
{
	co_fiber *fibers[MANY];

	(void)state;
	for (int round = 0; round < 20; round++) {
		long taken = 0;
		char byte;
		begin(fibers, MANY);
		assert_int_equal(write(way[1], "x", 1), 1);
		for (int i = 0; i < MANY; i++)
			co_fiber_cancel(fibers[i]);
		for (int i = 0; i < MANY; i++)
			taken += outcome(fibers[i]) == 1;
		fcntl(way[0], F_SETFL, O_NONBLOCK);
		taken += read(way[0], &byte, 1) == 1;
		assert_int_equal(taken, 1);
		end();
	}
}

static void before_a_deadline(void **state)
{
	co_fiber *fiber;
	struct co_deadline deadline;
	char byte;

	(void)state;
	begin(&fiber, 1);
	co_deadline_enter(&deadline, 1000000);
	assert_int_equal(co__standin_call(read_one, &byte, WAIT_SIGNALS), -1);
	assert_int_equal(errno, ETIMEDOUT);
	co_deadline_leave(&deadline);
	assert_int_equal(write(way[1], "x", 1), 1);
	assert_int_equal(outcome(fiber), 1);
	end();
}

static void *pause_for_ever(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void cancel_a_thread(void)
{
	pthread_t thread;
	void *r = NULL;

	assert_int_equal(pthread_create(&thread, NULL, pause_for_ever, NULL), 0);
	assert_int_equal(pthread_cancel(thread), 0);
	assert_int_equal(pthread_join(thread, &r), 0);
	assert_ptr_equal(r, PTHREAD_CANCELED);
}

static void recall_one(void)
{
	co_fiber *fiber;

	begin(&fiber, 1);
	co_fiber_cancel(fiber);
	assert_int_equal(outcome(fiber), -ECANCELED);
	end();
}

/* Both use the same signal, and libc sets up its handler on first use. */
static void libcs_cancellation_works(void **state)
{
	(void)state;
	recall_one();
	cancel_a_thread();
	cancel_a_thread();
	recall_one();
	cancel_a_thread();
	recall_one();
}

static void across_a_fork(void **state)
{
	co_fiber *fiber;
	int status = -1;
	pid_t pid;

	(void)state;
	begin(&fiber, 1);
	pid = fork();
	if (pid == 0) {
		char byte;
		alarm(20);
		if (write(way[1], "ab", 2) != 2)
			_exit(2);
		_exit(co__standin_call(read_one, &byte, WAIT_SIGNALS) == 1 ? 0 : 1);
	}
	assert_int_equal(outcome(fiber), 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_number_at_once),
		cmocka_unit_test(recalled_at_any_moment),
		cmocka_unit_test(nothing_is_lost),
		cmocka_unit_test(before_a_deadline),
		cmocka_unit_test(libcs_cancellation_works),
		cmocka_unit_test(across_a_fork),
	};

	return RUN(tests);
}
