/* hundred_thousand.c - as many threads that are fibers at one time, with what the system
 * allows by default: made, waiting, ended, joined, their keys' values destroyed. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"

#include <pthread.h>

enum { MANY = UNDER_ASAN || UNDER_TSAN ? 2000 : 100000, KEYS = 2 };

static pthread_t threads[MANY];
static int numbers[MANY];
static pthread_key_t keys[KEYS];
static atomic_int arrived, destroyed[KEYS];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER, full = PTHREAD_COND_INITIALIZER;
static bool is_open;

static void destroy_first(void *value)
{
	must(value != NULL);
	atomic_fetch_add(&destroyed[0], 1);
}

static void destroy_second(void *value)
{
	must(value == &keys[1]);
	atomic_fetch_add(&destroyed[1], 1);
}

/* Kilobytes of LINE of /proc/self/status. */
static long status_of(const char *line)
{
	FILE *file = fopen("/proc/self/status", "r");
	char text[128];
	long value = 0;

	must(file != NULL);
	while (fgets(text, sizeof(text), file))
		if (!strncmp(text, line, strlen(line)))
			value = strtol(text + strlen(line), NULL, 10);
	fclose(file);
	return value;
}

static long memory(void)
{
	return status_of("VmRSS:") + status_of("VmPTE:");
}

static void *wait_for_all(void *arg)
{
	must(co_pthread_setspecific(keys[0], arg) == 0);
	must(co_pthread_setspecific(keys[1], &keys[1]) == 0);
	co_pthread_mutex_lock(&mutex);
	if (atomic_fetch_add(&arrived, 1) + 1 == MANY)
		co_pthread_cond_signal(&full);
	while (!is_open)
		co_pthread_cond_wait(&opened, &mutex);
	co_pthread_mutex_unlock(&mutex);
	must(co_pthread_getspecific(keys[0]) == arg);
	return co_pthread_getspecific(keys[0]);
}

static void make_all(void)
{
	for (int i = 0; i < MANY; i++)
		assert_int_equal(
			co_pthread_create(&threads[i], NULL, wait_for_all, &numbers[i]),
			0);
}

static void all_live_at_one_time_and_are_joined(void **state)
{
	const long before = memory();
	const uint64_t start = monotonic();
	void *result;

	(void)state;
	assert_int_equal(co_pthread_key_create(&keys[0], destroy_first), 0);
	assert_int_equal(co_pthread_key_create(&keys[1], destroy_second), 0);
	make_all();
	co_pthread_mutex_lock(&mutex);
	while (atomic_load(&arrived) < MANY)
		co_pthread_cond_wait(&full, &mutex);
	print_message("%d threads wait after %.1f s; each has %.2f KiB\n", MANY,
		(double)(monotonic() - start) / 1e9, (double)(memory() - before) / MANY);
	is_open = true;
	co_pthread_cond_broadcast(&opened);
	co_pthread_mutex_unlock(&mutex);
	for (int i = 0; i < MANY; i++) {
		assert_int_equal(co_pthread_join(threads[i], &result), 0);
		assert_ptr_equal(result, &numbers[i]);
	}
	print_message(
		"all are joined after %.1f s\n", (double)(monotonic() - start) / 1e9);
	for (int i = 0; i < KEYS; i++) {
		assert_int_equal(atomic_load(&destroyed[i]), MANY);
		assert_int_equal(co_pthread_key_delete(keys[i]), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_live_at_one_time_and_are_joined),
	};

	return RUN(tests);
}
