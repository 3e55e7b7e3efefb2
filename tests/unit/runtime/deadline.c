/* deadline.c - scopes of time: the earliest bound ends a wait, with the error that is its
 * own. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"

#include <sys/socket.h>

static void open_pair(int fds[2])
{
	must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
}

static void close_pair(const int fds[2])
{
	must(co_close(fds[0]) == 0);
	must(co_close(fds[1]) == 0);
}

static void set_timeout(int fd, int option, unsigned ms)
{
	struct timeval tv = {ms / 1000, ms % 1000 * 1000};

	must(co_setsockopt(fd, SOL_SOCKET, option, &tv, sizeof(tv)) == 0);
}

/* A read that nobody writes for. Its error; and it is not over before BEGUN + MS. */
static int read_error(int fd, uint64_t begun, unsigned ms)
{
	char byte;

	errno = 0;
	must(co_read(fd, &byte, 1) == -1);
	must(monotonic() >= begun + ms * MS);
	return errno;
}

/* The bodies run in a root fiber and in a spawned one. */
static void in_both(void *(*body)(void *arg))
{
	join(spawn(body, NULL));
	body(NULL);
}

/* --- one scope --------------------------------------------------------------------- */

static void *bound_waits(void *arg)
{
	struct timespec long_time = {100, 0}, left = {0, 0};
	struct co_deadline d;
	uint64_t begun;
	int fds[2];

	open_pair(fds);
	begun = monotonic();
	must(co_deadline_enter(&d, 15 * MS) == 0);
	must(read_error(fds[0], begun, 15) == ETIMEDOUT);
	must(read_error(fds[0], begun, 15) == ETIMEDOUT); /* it stays over */
	must(co_nanosleep(&long_time, &left) == -1 && errno == ETIMEDOUT);
	must(left.tv_sec >= 99);
	must(co_poll(&(struct pollfd){fds[0], POLLIN, 0}, 1, -1) == -1 &&
		errno == ETIMEDOUT);
	must(co_ppoll(&(struct pollfd){fds[0], POLLIN, 0}, 1, NULL, NULL) == -1 &&
		errno == ETIMEDOUT);
	must(co_select(0, NULL, NULL, NULL, NULL) == -1 && errno == ETIMEDOUT);
	must(co_write(fds[1], "x", 1) == 1); /* what need not wait succeeds */
	must(co_read(fds[0], (char[1]){0}, 1) == 1);
	must(co_poll(&(struct pollfd){fds[0], POLLIN, 0}, 1, 0) == 0);
	co_deadline_leave(&d);
	begun = monotonic();
	must(co_usleep(5000) == 0);
	must(monotonic() >= begun + 5 * MS);
	close_pair(fds);
	return arg;
}

static void a_scope_bounds_every_wait_in_it(void **state)
{
	(void)state;
	in_both(bound_waits);
}

static void *short_waits(void *arg)
{
	struct co_deadline d;

	must(co_deadline_enter(&d, 60000 * MS) == 0);
	must(co_usleep(2000) == 0);
	must(co_poll(NULL, 0, 2) == 0);
	co_deadline_leave(&d);
	must(co_deadline_enter(&d, UINT64_MAX) == 0); /* as good as never */
	must(co_usleep(2000) == 0);
	co_deadline_leave(&d);
	return arg;
}

static void shorter_waits_do_not_notice(void **state)
{
	(void)state;
	in_both(short_waits);
}

/* --- several bounds ---------------------------------------------------------------- */

static void *nest(void *arg)
{
	struct co_deadline outer, inner;
	uint64_t begun = monotonic();
	int fds[2];

	open_pair(fds);
	must(co_deadline_enter(&outer, 40 * MS) == 0);
	must(co_deadline_enter(&inner, 10 * MS) == 0);
	must(read_error(fds[0], begun, 10) == ETIMEDOUT);
	co_deadline_leave(&inner);
	must(read_error(fds[0], begun, 40) == ETIMEDOUT);
	must(co_deadline_enter(&inner, 60000 * MS) == 0); /* the outer one holds */
	must(read_error(fds[0], begun, 40) == ETIMEDOUT);
	co_deadline_leave(&inner);
	co_deadline_leave(&outer);
	must(co_usleep(1000) == 0);
	close_pair(fds);
	return arg;
}

static void of_nested_scopes_the_earliest_holds(void **state)
{
	(void)state;
	in_both(nest);
}

static void *compare_with_sockets(void *arg)
{
	struct co_deadline d;
	uint64_t begun;
	int fds[2];

	open_pair(fds);
	set_timeout(fds[0], SO_RCVTIMEO, 10);
	must(co_deadline_enter(&d, 60000 * MS) == 0);
	begun = monotonic();
	must(read_error(fds[0], begun, 10) == EAGAIN);
	co_deadline_leave(&d);
	set_timeout(fds[0], SO_RCVTIMEO, 60000);
	begun = monotonic();
	must(co_deadline_enter(&d, 10 * MS) == 0);
	must(read_error(fds[0], begun, 10) == ETIMEDOUT);
	co_deadline_leave(&d);
	close_pair(fds);
	return arg;
}

static void the_sockets_own_timeout_keeps_its_error(void **state)
{
	(void)state;
	in_both(compare_with_sockets);
}

static void *fill(void *arg)
{
	static char much[4 << 20];
	struct co_deadline d;
	uint64_t begun;
	ssize_t n;
	int fds[2];

	open_pair(fds);
	begun = monotonic();
	must(co_deadline_enter(&d, 10 * MS) == 0);
	n = co_write(fds[0], much, sizeof(much));
	must(n > 0 && n < (ssize_t)sizeof(much)); /* the part that went */
	must(monotonic() >= begun + 10 * MS);
	must(co_write(fds[0], much, sizeof(much)) == -1 && errno == ETIMEDOUT);
	co_deadline_leave(&d);
	close_pair(fds);
	return arg;
}

static void writes_end_with_what_went(void **state)
{
	(void)state;
	in_both(fill);
}

/* --- joins and locks --------------------------------------------------------------- */

static void *read_one(void *arg)
{
	char byte;

	return (void *)(intptr_t)co_read(*(int *)arg, &byte, 1);
}

static void *join_in_time(void *arg)
{
	struct co_deadline d;
	void *result = arg;
	uint64_t begun;
	co_fiber *fiber;
	int fds[2];

	open_pair(fds);
	fiber = spawn(read_one, &fds[0]);
	begun = monotonic();
	must(co_deadline_enter(&d, 10 * MS) == 0);
	must(co_fiber_join(fiber, &result) == -ETIMEDOUT);
	must(monotonic() >= begun + 10 * MS);
	must(result == arg);
	must(co_fiber_join(fiber, &result) == -ETIMEDOUT);
	co_deadline_leave(&d);
	must(co_write(fds[1], "x", 1) == 1);
	must(co_fiber_join(fiber, &result) == 0 && result == (void *)1);
	close_pair(fds);
	return NULL;
}

static void a_join_that_is_out_of_time_can_be_repeated(void **state)
{
	(void)state;
	in_both(join_in_time);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *lock_out_of_time(void *arg)
{
	struct co_deadline d;

	must(co_deadline_enter(&d, 1) == 0);
	must(co_pthread_mutex_lock(&mutex) == 0);
	*(bool *)arg = true;
	must(co_pthread_mutex_unlock(&mutex) == 0);
	co_deadline_leave(&d);
	return NULL;
}

static void locks_wait_regardless(void **state)
{
	bool locked = false;
	co_fiber *fiber;

	(void)state;
	must(co_pthread_mutex_lock(&mutex) == 0);
	fiber = spawn(lock_out_of_time, &locked);
	until_waits(fiber);
	must(co_usleep(3000) == 0);
	assert_true(waits(fiber));
	assert_false(locked);
	must(co_pthread_mutex_unlock(&mutex) == 0);
	join(fiber);
	assert_true(locked);
}

/* --- whose scope ------------------------------------------------------------------- */

static void *sleep_a_little(void *arg)
{
	must(co_usleep(3000) == 0);
	return arg;
}

static void a_scope_is_one_fibers(void **state)
{
	struct co_deadline d;
	co_fiber *fiber = spawn(sleep_a_little, NULL);

	(void)state;
	assert_int_equal(co_deadline_enter(&d, 1), 0);
	fiber = (until_waits(fiber), fiber);
	co_deadline_leave(&d);
	join(fiber);
	assert_int_equal(co_deadline_enter(&d, 60000 * MS), 0);
	fiber = spawn(sleep_a_little, NULL); /* it is not inherited */
	co_deadline_leave(&d);
	join(fiber);
}

static void *no_worker(void *arg)
{
	struct co_deadline d;

	must(co_deadline_enter(&d, 1) == -EPERM);
	must(co_usleep(1000) == 0);
	co_deadline_leave(&d);
	return arg;
}

static void plain_threads_have_none(void **state)
{
	pthread_t thread;

	(void)state;
	must(pthread_create(&thread, NULL, no_worker, NULL) == 0);
	must(pthread_join(thread, NULL) == 0);
}

/* An earlier deadline after a later one, and the other way round: timers move lazily. */
static void *alternate(void *arg)
{
	for (int i = 0; i < 20; i++) {
		unsigned ms = i % 2 ? 1 : 6;
		uint64_t begun = monotonic();
		struct co_deadline d;

		must(co_deadline_enter(&d, ms * MS) == 0);
		must(co_usleep(50000000) == -1 && errno == ETIMEDOUT);
		must(monotonic() >= begun + ms * MS);
		co_deadline_leave(&d);
	}
	return arg;
}

static void never_early_whatever_came_before(void **state)
{
	co_fiber *fibers[10];

	(void)state;
	for (size_t i = 0; i < COUNT(fibers); i++)
		fibers[i] = spawn(alternate, NULL);
	for (size_t i = 0; i < COUNT(fibers); i++)
		join(fibers[i]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_threads_have_none),
		cmocka_unit_test(a_scope_bounds_every_wait_in_it),
		cmocka_unit_test(shorter_waits_do_not_notice),
		cmocka_unit_test(of_nested_scopes_the_earliest_holds),
		cmocka_unit_test(the_sockets_own_timeout_keeps_its_error),
		cmocka_unit_test(writes_end_with_what_went),
		cmocka_unit_test(a_join_that_is_out_of_time_can_be_repeated),
		cmocka_unit_test(locks_wait_regardless),
		cmocka_unit_test(a_scope_is_one_fibers),
		cmocka_unit_test(never_early_whatever_came_before),
	};

	return RUN(tests);
}
