/* fairness.c - everybody has a turn: yielding, and fibers that never have to wait. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"

#include <sys/mman.h>
#include <sys/socket.h>

static volatile bool stop;

/* --- yielding ---------------------------------------------------------------------- */

static char order[64], names[] = "abcd";
static size_t nordered;

static void *sign(void *arg)
{
	for (int i = 0; i < 3; i++) {
		order[nordered++] = *(const char *)arg;
		co_fiber_yield();
	}
	return NULL;
}

static void yielding_goes_round(void **state)
{
	co_fiber *fibers[4];

	(void)state;
	nordered = 0;
	for (int i = 0; i < 4; i++)
		fibers[i] = spawn(sign, &names[i]);
	co_fiber_yield();
	assert_memory_equal(order, "abcd", 4);
	for (int i = 0; i < 4; i++)
		join(fibers[i]);
	assert_int_equal(nordered, 12);
	assert_memory_equal(order, "abcdabcdabcd", 12);
}

static void *yield_for_ever(void *arg)
{
	while (!stop) {
		co_fiber_yield();
		++*(unsigned long *)arg;
	}
	return NULL;
}

static void yielding_lets_events_in(void **state)
{
	unsigned long rounds[2] = {0, 0};
	co_fiber *a, *b;
	char byte = 0;
	int fds[2];

	(void)state;
	stop = false;
	must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	a = spawn(yield_for_ever, &rounds[0]);
	b = spawn(yield_for_ever, &rounds[1]);
	must(co_usleep(2000) == 0); /* timers come through */
	must(write(fds[1], "x", 1) == 1);
	must(co_read(fds[0], &byte, 1) == 1); /* and descriptors do */
	assert_int_equal(byte, 'x');
	stop = true;
	join(a);
	join(b);
	assert_true(rounds[0] > 0 && rounds[1] > 0);
	assert_in_range(rounds[0] + 1, rounds[1], rounds[1] + 2);
	co_close(fds[0]);
	co_close(fds[1]);
}

static void *yield_once(void *arg)
{
	co_fiber_yield();
	must(co_sched_yield() == 0);
	return arg;
}

static void yielding_alone_comes_back(void **state)
{
	(void)state;
	co_fiber_yield();
	assert_int_equal(co_sched_yield(), 0);
	join(spawn(yield_once, NULL));
}

/* --- those who never wait ---------------------------------------------------------- */

struct busy {
	int fds[2];
	pthread_mutex_t mutex;
};

static void *stop_them(void *arg)
{
	stop = true;
	return arg;
}

/* The other fiber must come to run while BODY's never wait. */
static void others_run(void *(*body)(void *arg), struct busy *busy)
{
	co_fiber *fibers[2], *other;

	stop = false;
	fibers[0] = spawn(body, busy);
	fibers[1] = spawn(body, busy);
	other = spawn(stop_them, NULL);
	join(fibers[0]);
	join(fibers[1]);
	join(other);
}

static void *read_zeros(void *arg)
{
	char buf[64];

	while (!stop)
		must(co_read(((struct busy *)arg)->fds[0], buf, sizeof(buf)) > 0);
	return NULL;
}

static void *write_nulls(void *arg)
{
	while (!stop)
		must(co_write(((struct busy *)arg)->fds[1], "x", 1) == 1);
	return NULL;
}

static void devices_that_never_wait(void **state)
{
	struct busy busy = {
		.fds = {open("/dev/zero", O_RDONLY), open("/dev/null", O_WRONLY)}};

	(void)state;
	others_run(read_zeros, &busy);
	others_run(write_nulls, &busy);
	co_close(busy.fds[0]);
	co_close(busy.fds[1]);
}

static void *rewind_and_read(void *arg)
{
	char buf[64];

	while (!stop) {
		must(co_read(((struct busy *)arg)->fds[0], buf, sizeof(buf)) >= 0);
		lseek(((struct busy *)arg)->fds[0], 0, SEEK_SET);
	}
	return NULL;
}

static void files_in_the_cache(void **state)
{
	struct busy busy = {.fds = {memfd_create("fairness", 0), -1}};

	(void)state;
	must(write(busy.fds[0], "0123456789", 10) == 10);
	others_run(rewind_and_read, &busy);
	co_close(busy.fds[0]);
}

static void *send_and_receive(void *arg)
{
	const int *fds = ((struct busy *)arg)->fds;
	char byte;

	while (!stop) {
		must(co_send(fds[0], "x", 1, 0) == 1);
		must(co_recv(fds[1], &byte, 1, 0) == 1);
	}
	return NULL;
}

static void *poll_ready(void *arg)
{
	struct pollfd pfd = {((struct busy *)arg)->fds[0], POLLOUT, 0};

	while (!stop)
		must(co_poll(&pfd, 1, -1) == 1);
	return NULL;
}

static void *poll_in_vain(void *arg)
{
	struct pollfd pfd = {((struct busy *)arg)->fds[0], POLLIN, 0};

	while (!stop)
		must(co_poll(&pfd, 1, 0) == 0);
	return NULL;
}

static void *read_in_vain(void *arg)
{
	char byte;

	while (!stop)
		must(co_read(((struct busy *)arg)->fds[0], &byte, 1) == -1 &&
			errno == EAGAIN);
	return NULL;
}

static void *receive_in_vain(void *arg)
{
	char byte;

	while (!stop)
		must(co_recv(((struct busy *)arg)->fds[0], &byte, 1, MSG_DONTWAIT) == -1);
	return NULL;
}

static void sockets_that_are_always_ready(void **state)
{
	struct busy busy;

	(void)state;
	must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, busy.fds) == 0);
	others_run(send_and_receive, &busy);
	others_run(poll_ready, &busy);
	co_close(busy.fds[0]);
	co_close(busy.fds[1]);
}

/* A loop that asks again and again waits for what another fiber is to do. */
static void descriptors_that_are_asked_in_vain(void **state)
{
	struct busy busy;

	(void)state;
	must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, busy.fds) == 0);
	others_run(poll_in_vain, &busy);
	others_run(receive_in_vain, &busy);
	must(co_fcntl(busy.fds[0], F_SETFL, O_NONBLOCK) == 0);
	others_run(read_in_vain, &busy);
	co_close(busy.fds[0]);
	co_close(busy.fds[1]);
	must(co_socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, busy.fds) == 0);
	others_run(read_in_vain, &busy);
	co_close(busy.fds[0]);
	co_close(busy.fds[1]);
}

static void *lock_and_unlock(void *arg)
{
	pthread_mutex_t *mutex = &((struct busy *)arg)->mutex;

	while (!stop) {
		must(co_pthread_mutex_lock(mutex) == 0);
		must(co_pthread_mutex_unlock(mutex) == 0);
	}
	return NULL;
}

static void *try_in_vain(void *arg)
{
	while (!stop)
		must(co_pthread_mutex_trylock(&((struct busy *)arg)->mutex) == EBUSY);
	return NULL;
}

static void locks_that_are_free_or_are_not(void **state)
{
	struct busy busy = {.mutex = PTHREAD_MUTEX_INITIALIZER};

	(void)state;
	others_run(lock_and_unlock, &busy);
	must(co_pthread_mutex_lock(&busy.mutex) == 0);
	others_run(try_in_vain, &busy);
	must(co_pthread_mutex_unlock(&busy.mutex) == 0);
}

static void *sleep_for_nothing(void *arg)
{
	while (!stop)
		must(co_usleep(0) == 0);
	return arg;
}

static void *sleep_for_almost_nothing(void *arg)
{
	struct timespec ts = {0, 1};

	while (!stop)
		must(co_nanosleep(&ts, NULL) == 0);
	return arg;
}

static void sleeps_that_are_over_at_once(void **state)
{
	struct busy busy = {.fds = {-1, -1}};

	(void)state;
	others_run(sleep_for_nothing, &busy);
	others_run(sleep_for_almost_nothing, &busy);
}

static void *wait_in_the_past(void *arg)
{
	static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
	pthread_mutex_t *mutex = &((struct busy *)arg)->mutex;
	const struct timespec past = {1, 0};

	must(co_pthread_mutex_lock(mutex) == 0);
	while (!stop)
		must(co_pthread_cond_timedwait(&never, mutex, &past) == ETIMEDOUT);
	must(co_pthread_mutex_unlock(mutex) == 0);
	return NULL;
}

static void waits_that_are_over_at_once(void **state)
{
	struct busy busy = {.mutex = PTHREAD_MUTEX_INITIALIZER};

	(void)state;
	others_run(wait_in_the_past, &busy);
}

/* --- shares ------------------------------------------------------------------------ */

struct worker_bee {
	int fds[2];
	unsigned long rounds;
};

static void *work(void *arg)
{
	struct worker_bee *bee = arg;
	char byte;

	while (!stop) {
		must(co_write(bee->fds[0], "x", 1) == 1);
		must(co_read(bee->fds[1], &byte, 1) == 1);
		bee->rounds++;
	}
	return NULL;
}

static void shares_are_alike(void **state)
{
	struct worker_bee bees[8] = {0};
	co_fiber *fibers[8];
	unsigned long least = ~0ul, most = 0;

	(void)state;
	stop = false;
	for (int i = 0; i < 8; i++) {
		must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, bees[i].fds) == 0);
		fibers[i] = spawn(work, &bees[i]);
	}
	while (bees[7].rounds < 20000)
		co_fiber_yield();
	stop = true;
	for (int i = 0; i < 8; i++) {
		join(fibers[i]);
		least = bees[i].rounds < least ? bees[i].rounds : least;
		most = bees[i].rounds > most ? bees[i].rounds : most;
		co_close(bees[i].fds[0]);
		co_close(bees[i].fds[1]);
	}
	assert_true(most <= least + least / 4);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(yielding_goes_round),
		cmocka_unit_test(yielding_lets_events_in),
		cmocka_unit_test(yielding_alone_comes_back),
		cmocka_unit_test(devices_that_never_wait),
		cmocka_unit_test(files_in_the_cache),
		cmocka_unit_test(sockets_that_are_always_ready),
		cmocka_unit_test(descriptors_that_are_asked_in_vain),
		cmocka_unit_test(locks_that_are_free_or_are_not),
		cmocka_unit_test(sleeps_that_are_over_at_once),
		cmocka_unit_test(waits_that_are_over_at_once),
		cmocka_unit_test(shares_are_alike),
	};

	co_fiber_yield(); /* no worker yet: nothing happens */
	return RUN(tests);
}
