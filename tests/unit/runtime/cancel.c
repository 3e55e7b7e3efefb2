/* cancel.c - co_fiber_cancel(): what it ends, what it leaves alone, and when. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"

#include <limits.h>
#include <sys/socket.h>

struct waiting {
	int fd;
	ssize_t result;
	int error;
	bool go;
};

static void *read_one(void *arg)
{
	struct waiting *w = arg;
	char byte;

	while (!w->go)
		co_fiber_yield();
	errno = 0;
	w->result = co_read(w->fd, &byte, 1);
	w->error = errno;
	return NULL;
}

static void open_pair(int fds[2])
{
	assert_int_equal(co_socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
}

static void close_pair(const int fds[2])
{
	assert_int_equal(co_close(fds[0]), 0);
	assert_int_equal(co_close(fds[1]), 0);
}

static void a_waiting_call_ends(void **state)
{
	int fds[2];
	struct waiting w = {.go = true};
	co_fiber *fiber;

	(void)state;
	open_pair(fds);
	w.fd = fds[0];
	fiber = spawn(read_one, &w);
	until_waits(fiber);
	assert_int_equal(co_fiber_cancel(fiber), 0);
	join(fiber);
	assert_int_equal(w.result, -1);
	assert_int_equal(w.error, ECANCELED);
	assert_int_equal(
		co_write(fds[1], "x", 1), 1); /* nobody takes the next byte away */
	w = (struct waiting){.fd = fds[0], .go = true};
	join(spawn(read_one, &w));
	assert_int_equal(w.result, 1);
	close_pair(fds);
}

static void a_call_that_would_wait_later_ends(void **state)
{
	int fds[2];
	struct waiting w = {0};
	co_fiber *fiber;

	(void)state;
	open_pair(fds);
	w.fd = fds[0];
	fiber = spawn(read_one, &w);
	co_fiber_yield();
	co_fiber_cancel(fiber);
	w.go = true;
	join(fiber);
	assert_int_equal(w.error, ECANCELED);
	close_pair(fds);
}

static void before_it_has_begun(void **state)
{
	int fds[2];
	struct waiting w = {.go = true};
	co_fiber *fiber;

	(void)state;
	open_pair(fds);
	w.fd = fds[0];
	fiber = spawn(read_one, &w);
	co_fiber_cancel(fiber);
	join(fiber);
	assert_int_equal(w.error, ECANCELED);
	close_pair(fds);
}

static void after_its_end_it_does_nothing(void **state)
{
	co_fiber *fiber;
	struct waiting w = {.fd = -1, .go = true};

	(void)state;
	fiber = spawn(read_one, &w);
	co_fiber_yield();
	assert_int_equal(co_fiber_cancel(fiber), 0);
	join(fiber);
	assert_int_equal(w.error, EBADF);
}

static void what_need_not_wait_succeeds(void **state)
{
	int fds[2];
	struct waiting w = {.go = true};
	co_fiber *fiber;

	(void)state;
	open_pair(fds);
	w.fd = fds[0];
	assert_int_equal(co_write(fds[1], "x", 1), 1);
	fiber = spawn(read_one, &w);
	co_fiber_cancel(fiber);
	join(fiber);
	assert_int_equal(w.result, 1);
	assert_int_equal(w.error, 0);
	close_pair(fds);
}

/* --- every mirror that waits ------------------------------------------------------- */

static void *cancelled_calls(void *arg)
{
	const int *fds = arg;
	char buf[64 * 1024] = {0};
	struct pollfd pfd = {fds[0], POLLIN, 0};
	struct timespec long_time = {100, 0}, left = {0, 0};
	ssize_t n;

	co_fiber_cancel(co_fiber_self());
	must(co_read(fds[0], buf, 1) == -1 && errno == ECANCELED);
	must(co_recv(fds[0], buf, 1, 0) == -1 && errno == ECANCELED);
	must(co_poll(&pfd, 1, -1) == -1 && errno == ECANCELED);
	must(co_poll(NULL, 0, 100000) == -1 && errno == ECANCELED);
	must(co_poll(&pfd, 1, 0) == 0);
	must(co_ppoll(&pfd, 1, NULL, NULL) == -1 && errno == ECANCELED);
	must(co_select(0, NULL, NULL, NULL, NULL) == -1 && errno == ECANCELED);
	must(co_pselect(0, NULL, NULL, NULL, &long_time, NULL) == -1 && errno == ECANCELED);
	must(co_nanosleep(&long_time, &left) == -1 && errno == ECANCELED);
	must(left.tv_sec >= 99);
	must(co_usleep(100000000) == -1 && errno == ECANCELED);
	must(co_sleep(100) >= 99);
	while ((n = co_write(fds[0], buf, sizeof(buf))) == (ssize_t)sizeof(buf))
		;
	must(n > 0 || errno == ECANCELED); /* the part that went first is its result */
	must(co_write(fds[0], buf, sizeof(buf)) == -1 && errno == ECANCELED);
	return NULL;
}

static void the_request_stays(void **state)
{
	int fds[2];

	(void)state;
	open_pair(fds);
	join(spawn(cancelled_calls, fds));
	close_pair(fds);
}

/* --- what moved bytes already ------------------------------------------------------ */

static void *write_much(void *arg)
{
	struct waiting *w = arg;
	static char much[8 << 20];

	w->result = co_write(w->fd, much, sizeof(much));
	w->error = errno;
	return NULL;
}

static void a_part_that_went_is_the_result(void **state)
{
	int fds[2];
	struct waiting w = {0};
	co_fiber *fiber;
	char buf[4096];
	ssize_t got = 0, n;

	(void)state;
	open_pair(fds);
	w.fd = fds[0];
	fiber = spawn(write_much, &w);
	until_waits(fiber);
	co_fiber_cancel(fiber);
	join(fiber);
	assert_true(w.result > 0 && w.result < 8 << 20);
	assert_int_equal(co_close(fds[0]), 0);
	while ((n = co_read(fds[1], buf, sizeof(buf))) > 0)
		got += n;
	assert_int_equal(got, w.result);
	assert_int_equal(co_close(fds[1]), 0);
}

/* --- joins and locks --------------------------------------------------------------- */

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

static void a_cancelled_join_leaves_it_joinable(void **state)
{
	int fds[2];
	struct waiting w = {.go = true};
	struct joining j = {NULL, 0};
	co_fiber *joiner;

	(void)state;
	open_pair(fds);
	w.fd = fds[0];
	j.whom = spawn(read_one, &w);
	joiner = spawn(join_it, &j);
	until_waits(joiner);
	co_fiber_cancel(joiner);
	join(joiner);
	assert_int_equal(j.result, -ECANCELED);
	assert_int_equal(co_write(fds[1], "x", 1), 1);
	join(j.whom);
	assert_int_equal(w.result, 1);
	close_pair(fds);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static bool condition;

static void *lock_it(void *arg)
{
	must(co_pthread_mutex_lock(&mutex) == 0);
	*(bool *)arg = true;
	must(co_pthread_mutex_unlock(&mutex) == 0);
	return NULL;
}

static void locks_do_not_hear_it(void **state)
{
	bool locked = false;
	co_fiber *fiber;

	(void)state;
	assert_int_equal(co_pthread_mutex_lock(&mutex), 0);
	fiber = spawn(lock_it, &locked);
	until_waits(fiber);
	co_fiber_cancel(fiber);
	assert_true(waits(fiber));
	co_fiber_yield();
	assert_false(locked);
	assert_int_equal(co_pthread_mutex_unlock(&mutex), 0);
	join(fiber);
	assert_true(locked);
}

static void *await_condition(void *arg)
{
	must(co_pthread_mutex_lock(&mutex) == 0);
	while (!condition)
		must(co_pthread_cond_wait(&cond, &mutex) == 0);
	must(co_pthread_mutex_unlock(&mutex) == 0);
	return arg;
}

static void conditions_do_not_hear_it(void **state)
{
	co_fiber *fiber = spawn(await_condition, NULL);

	(void)state;
	until_waits(fiber);
	co_fiber_cancel(fiber);
	assert_true(waits(fiber));
	assert_int_equal(co_pthread_mutex_lock(&mutex), 0);
	condition = true;
	assert_int_equal(co_pthread_cond_signal(&cond), 0);
	assert_int_equal(co_pthread_mutex_unlock(&mutex), 0);
	join(fiber);
}

/* --- from elsewhere ---------------------------------------------------------------- */

static void *cancel_it(void *arg)
{
	until_waits(arg);
	co_fiber_cancel(arg);
	return NULL;
}

static void from_another_thread(void **state)
{
	(void)state;
	for (int i = 0; i < 50; i++) {
		struct waiting w = {.go = true};
		pthread_t thread;
		co_fiber *fiber;
		int fds[2];

		open_pair(fds);
		w.fd = fds[0];
		fiber = spawn(read_one, &w);
		must(pthread_create(&thread, NULL, cancel_it, fiber) == 0);
		join(fiber);
		assert_int_equal(w.error, ECANCELED);
		must(pthread_join(thread, NULL) == 0);
		close_pair(fds);
	}
}

static void *drink(void *arg)
{
	struct waiting *w = arg;
	char byte;

	while (co_read(w->fd, &byte, 1) == 1)
		w->result++;
	w->error = errno;
	return NULL;
}

/* Two readers, one is cancelled just when a byte comes: the byte reaches one of them. */
static void no_event_is_lost_with_the_cancelled(void **state)
{
	(void)state;
	for (int round = 0; round < 200; round++) {
		struct waiting a = {0}, b = {0};
		co_fiber *fa, *fb;
		int fds[2];

		open_pair(fds);
		a.fd = b.fd = fds[0];
		fa = spawn(drink, &a);
		fb = spawn(drink, &b);
		until_waits(fa);
		until_waits(fb);
		assert_int_equal(co_write(fds[1], "x", 1), 1);
		if (round % 2)
			co_fiber_yield(); /* the event has woken the first already */
		co_fiber_cancel(fa);
		while (a.result + b.result == 0)
			co_fiber_yield();
		assert_int_equal(co_write(fds[1], "y", 1), 1);
		while (a.result + b.result < 2)
			co_fiber_yield();
		co_fiber_cancel(fb);
		join(fa);
		join(fb);
		close_pair(fds);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_waiting_call_ends),
		cmocka_unit_test(a_call_that_would_wait_later_ends),
		cmocka_unit_test(before_it_has_begun),
		cmocka_unit_test(after_its_end_it_does_nothing),
		cmocka_unit_test(what_need_not_wait_succeeds),
		cmocka_unit_test(the_request_stays),
		cmocka_unit_test(a_part_that_went_is_the_result),
		cmocka_unit_test(a_cancelled_join_leaves_it_joinable),
		cmocka_unit_test(locks_do_not_hear_it),
		cmocka_unit_test(conditions_do_not_hear_it),
		cmocka_unit_test(from_another_thread),
		cmocka_unit_test(no_event_is_lost_with_the_cancelled),
	};

	return RUN(tests);
}
