/* sigmasks.c - signal masks of fibers: each has its own, signals come to those that let
 * them in, and none is lost where the masks change. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"
#include "worker.h"

#include <pthread.h>

enum { SIGNALS = 2000 };

static sigset_t only(int signo)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signo);
	return set;
}

static bool is_blocked(int signo)
{
	sigset_t now;

	pthread_sigmask(SIG_BLOCK, NULL, &now);
	return sigismember(&now, signo);
}

static void handle(int signo, void (*handler)(int signo, siginfo_t *info, void *context))
{
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};

	must(co_sigaction(signo, &action, NULL) == 0);
}

/* --- one's own ---------------------------------------------------------------------- */

static void *block_and_yield(void *arg)
{
	const sigset_t set = only(*(int *)arg);
	const int other = *(int *)arg == SIGUSR1 ? SIGUSR2 : SIGUSR1;

	must(co_pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	for (int i = 0; i < 10; i++) {
		must(is_blocked(*(int *)arg) && !is_blocked(other));
		if (i % 2)
			co_fiber_yield();
		else
			co_usleep(10);
	}
	return NULL;
}

static void every_fiber_has_its_own(void **state)
{
	int first = SIGUSR1, second = SIGUSR2;
	co_fiber *a = spawn(block_and_yield, &first),
		 *b = spawn(block_and_yield, &second);

	(void)state;
	for (int i = 0; i < 10; i++) {
		assert_false(is_blocked(SIGUSR1) || is_blocked(SIGUSR2));
		co_fiber_yield();
	}
	join(a);
	join(b);
	assert_false(is_blocked(SIGUSR1) || is_blocked(SIGUSR2));
}

/* --- delivery ----------------------------------------------------------------------- */

static co_fiber *volatile taken_by;
static volatile int taken;

static void take(int signo, siginfo_t *info, void *context)
{
	(void)signo;
	(void)info;
	(void)context;
	taken_by = co__ctx.running;
	taken++;
}

static void *raise_blocked(void *arg)
{
	const sigset_t set = only(SIGUSR1);

	(void)arg;
	must(co_pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	must(raise(SIGUSR1) == 0);
	must(taken == 0);
	co_fiber_yield();
	must(taken == 1 && taken_by != co__ctx.running);
	return NULL;
}

static void a_signal_comes_to_a_fiber_that_lets_it_in(void **state)
{
	co_fiber *fiber;

	(void)state;
	handle(SIGUSR1, take);
	fiber = spawn(raise_blocked, NULL);
	co_fiber_yield();
	assert_int_equal(taken, 1);
	join(fiber);
	assert_int_equal(
		co_sigaction(SIGUSR1, &(struct sigaction){.sa_handler = SIG_DFL}, NULL),
		0);
}

static atomic_int arrived[2];
static atomic_bool over;

static void count(int signo, siginfo_t *info, void *context)
{
	(void)info;
	(void)context;
	must(!(co__ctx.running->mask & UINT64_C(1) << (signo - 1)));
	atomic_fetch_add(&arrived[signo - SIGRTMIN], 1);
}

/* Real-time signals are queued one by one. */
static void *send_all(void *arg)
{
	const pthread_t worker = *(pthread_t *)arg;

	for (int i = 0; i < SIGNALS; i++) {
		while (pthread_sigqueue(worker, SIGRTMIN + i % 2, (union sigval){0}) != 0)
			sched_yield(); /* the queue is full */
	}
	return NULL;
}

static void *let_one_in(void *arg)
{
	const sigset_t set = only(*(int *)arg);

	must(co_pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	while (!atomic_load(&over)) {
		must(is_blocked(*(int *)arg));
		co_fiber_yield();
	}
	return NULL;
}

static void none_is_lost_where_masks_change(void **state)
{
	int signals[] = {SIGRTMIN, SIGRTMIN + 1};
	pthread_t self = pthread_self(), sender;
	co_fiber *fibers[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		handle(signals[i], count);
		fibers[i] = spawn(let_one_in, &signals[i]);
	}
	assert_int_equal(pthread_create(&sender, NULL, send_all, &self), 0);
	while (atomic_load(&arrived[0]) + atomic_load(&arrived[1]) < SIGNALS)
		co_fiber_yield();
	atomic_store(&over, true);
	for (int i = 0; i < 2; i++)
		join(fibers[i]);
	assert_int_equal(pthread_join(sender, NULL), 0);
	assert_int_equal(arrived[0], SIGNALS / 2);
	assert_int_equal(arrived[1], SIGNALS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fiber_has_its_own),
		cmocka_unit_test(a_signal_comes_to_a_fiber_that_lets_it_in),
		cmocka_unit_test(none_is_lost_where_masks_change),
	};

	return RUN(tests);
}
