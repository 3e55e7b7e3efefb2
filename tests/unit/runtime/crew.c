/* crew.c - threads that are fibers, spread over several workers (COHOOK_WORKERS is 3):
 * where they go and what they share. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"
#include "pthread/handle.h"
#include "worker.h"

#include <dirent.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { WORKERS = 3, FIBERS = 12, ROUNDS = 500 };

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

static int count_os_threads(void)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *entry;
	int n = 0;

	must(tasks != NULL);
	while ((entry = readdir(tasks)))
		n += entry->d_name[0] != '.';
	closedir(tasks);
	return n;
}

/* --- places ------------------------------------------------------------------------ */

struct visit {
	pthread_t self;
	pid_t os_thread;
	atomic_bool *may_end;
};

static void *visit(void *arg)
{
	struct visit *v = arg;

	must(co_pthread_equal(v->self, co_pthread_self()));
	v->os_thread = gettid();
	while (!atomic_load(v->may_end))
		co_usleep(100);
	must(v->os_thread == gettid());
	return v;
}

static void the_fewest_get_the_next(void **state)
{
	struct visit visits[FIBERS];
	atomic_bool may_end = false;

	(void)state;
	for (int i = 0; i < FIBERS; i++) {
		visits[i] = (struct visit){.may_end = &may_end};
		must(co_pthread_create(&visits[i].self, NULL, visit, &visits[i]) == 0);
	}
	atomic_store(&may_end, true);
	for (int i = 0; i < FIBERS; i++)
		assert_ptr_equal(finish(visits[i].self), &visits[i]);
	for (int i = 0; i < FIBERS; i++) {
		int together = 0;
		for (int k = 0; k < FIBERS; k++)
			together += visits[k].os_thread == visits[i].os_thread;
		assert_int_equal(together, FIBERS / WORKERS);
		assert_int_not_equal(visits[i].os_thread, getpid());
	}
}

static void the_first_thread_is_no_worker(void **state)
{
	(void)state;
	assert_null(co__worker_of(pthread_self()));
}

/* --- what they share --------------------------------------------------------------- */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static long sum, turn;

static void *add(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		long before;
		must(co_pthread_mutex_lock(&mutex) == 0);
		before = sum;
		if (i % 64 == 0)
			co_sched_yield();
		sum = before + 1;
		must(co_pthread_mutex_unlock(&mutex) == 0);
	}
	return arg;
}

static void a_mutex_is_held_across_waits(void **state)
{
	pthread_t threads[FIBERS];

	(void)state;
	sum = 0;
	for (int i = 0; i < FIBERS; i++)
		threads[i] = create(add, NULL);
	add(NULL); /* by a thread that is no fiber */
	for (int i = 0; i < FIBERS; i++)
		finish(threads[i]);
	assert_int_equal(sum, (FIBERS + 1) * ROUNDS);
}

static void *take_turns(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		must(co_pthread_mutex_lock(&mutex) == 0);
		while (turn != (intptr_t)arg)
			must(co_pthread_cond_wait(&cond, &mutex) == 0);
		turn = (turn + 1) % WORKERS;
		must(co_pthread_cond_broadcast(&cond) == 0);
		must(co_pthread_mutex_unlock(&mutex) == 0);
	}
	return NULL;
}

static void no_signal_is_lost(void **state)
{
	pthread_t threads[WORKERS - 1];

	(void)state;
	turn = 0;
	for (intptr_t i = 1; i < WORKERS; i++)
		threads[i - 1] = create(take_turns, (void *)i);
	take_turns(0);
	for (int i = 1; i < WORKERS; i++)
		finish(threads[i - 1]);
	assert_int_equal(turn, 0);
}

static void *read_to_the_end(void *arg)
{
	intptr_t total = 0;
	ssize_t n;
	char buf[64];

	while ((n = co_read(*(int *)arg, buf, sizeof(buf))) > 0)
		total += n;
	return (void *)(n < 0 ? -(intptr_t)errno : total);
}

static void several_workers_read_one_socket(void **state)
{
	pthread_t threads[FIBERS];
	intptr_t total = 0;
	int fds[2];

	(void)state;
	must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	for (int i = 0; i < FIBERS; i++)
		threads[i] = create(read_to_the_end, &fds[0]);
	for (int i = 0; i < ROUNDS; i++)
		must(co_write(fds[1], "abc", 3) == 3);
	must(co_shutdown(fds[1], SHUT_WR) == 0);
	for (int i = 0; i < FIBERS; i++)
		total += (intptr_t)finish(threads[i]);
	assert_int_equal(total, 3 * ROUNDS);
	must(co_close(fds[0]) == 0 && co_close(fds[1]) == 0);
}

static void a_close_reaches_them_all(void **state)
{
	pthread_t threads[FIBERS];
	int fds[2], copy;

	(void)state;
	must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	copy = fds[0];
	for (int i = 0; i < FIBERS; i++)
		threads[i] = create(read_to_the_end, &copy);
	must(co_usleep(1000) ==
		0); /* most of them wait by now; whoever does not has it easier */
	must(co_close(fds[0]) == 0);
	for (int i = 0; i < FIBERS; i++)
		assert_int_equal((intptr_t)finish(threads[i]), -EBADF);
	must(co_close(fds[1]) == 0);
}

static void *sleep_for_ever(void *arg)
{
	co_sleep(1000);
	return arg;
}

static void cancelling_reaches_other_workers(void **state)
{
	pthread_t threads[FIBERS];

	(void)state;
	for (int i = 0; i < FIBERS; i++)
		threads[i] = create(sleep_for_ever, NULL);
	for (int i = 0; i < FIBERS; i++)
		until_waits(fiber_of(threads[i]));
	for (int i = 0; i < FIBERS; i++)
		must(co_pthread_cancel(threads[i]) == 0);
	for (int i = 0; i < FIBERS; i++)
		assert_ptr_equal(finish(threads[i]), PTHREAD_CANCELED);
}

/* --- making many ------------------------------------------------------------------- */

static atomic_int running;

static void *be_brief(void *arg)
{
	atomic_fetch_sub(&running, 1);
	return arg;
}

static void *make_others(void *arg)
{
	pthread_attr_t detached;
	pthread_t thread;

	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	for (int i = 0; i < ROUNDS; i++)
		must(co_pthread_create(&thread, &detached, be_brief, NULL) == 0);
	pthread_attr_destroy(&detached);
	return arg;
}

/* More timers than any worker had room for, with the room on its way from others. */
static void fibers_make_fibers(void **state)
{
	pthread_t threads[FIBERS];

	(void)state;
	atomic_store(&running, FIBERS * ROUNDS);
	for (int i = 0; i < FIBERS; i++)
		threads[i] = create(make_others, NULL);
	for (int i = 0; i < FIBERS; i++)
		finish(threads[i]);
	while (atomic_load(&running))
		co_usleep(100);
	assert_true(count_os_threads() <= WORKERS + 1 + UNDER_TSAN);
}

static void *see_whether_blocked(void *arg)
{
	sigset_t now;

	must(pthread_sigmask(SIG_SETMASK, NULL, &now) == 0);
	atomic_fetch_add((atomic_int *)arg, sigismember(&now, SIGUSR1));
	return arg;
}

/* By a call that is no mirror's, as in a library that cohook has not built. */
static void *block_and_make_others(void *arg)
{
	pthread_t threads[WORKERS];
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	must(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	for (int i = 0; i < WORKERS; i++)
		threads[i] = create(see_whether_blocked, arg);
	for (int i = 0; i < WORKERS; i++)
		finish(threads[i]);
	must(pthread_sigmask(SIG_UNBLOCK, &set, NULL) == 0);
	return arg;
}

static void a_mask_is_inherited_across_workers(void **state)
{
	atomic_int blocked = 0;

	(void)state;
	finish(create(block_and_make_others, &blocked));
	assert_int_equal(blocked, WORKERS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_fewest_get_the_next),
		cmocka_unit_test(the_first_thread_is_no_worker),
		cmocka_unit_test(a_mutex_is_held_across_waits),
		cmocka_unit_test(no_signal_is_lost),
		cmocka_unit_test(several_workers_read_one_socket),
		cmocka_unit_test(a_close_reaches_them_all),
		cmocka_unit_test(cancelling_reaches_other_workers),
		cmocka_unit_test(fibers_make_fibers),
		cmocka_unit_test(a_mask_is_inherited_across_workers),
	};

	return RUN(tests);
}
