/* resolve.c - the way to the thread pool for lookups in name services.
 *
 * Slow name servers must not keep files from the pool: only so many lookups are under way
 * at once, the others queue here. No lookup itself is in this file: of some of libc's the
 * linker warns in static programs, which should be those alone that use them. */
#define _GNU_SOURCE
#include "resolve.h"

#include "../fiber.h"
#include "../loop/offload.h"
#include "../lot.h"
#include "../wait.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int under_way;

/* The threads that look up stay behind when the process forks. */
static void forked(void)
{
	atomic_store(&under_way, 0);
}

__attribute__((constructor)) static void watch_forks(void)
{
	pthread_atfork(NULL, NULL, forked);
}

/* Half of libuv's pool, the size of which is four if the environment does not say
 * otherwise. */
static int most_under_way(void)
{
	const char *size = getenv("UV_THREADPOOL_SIZE");
	int threads = size ? atoi(size) : 4;

	return threads < 2 ? 1 : threads / 2;
}

static bool enter(void)
{
	int n = atomic_load(&under_way);

	do {
		if (n >= most_under_way())
			return false;
	} while (!atomic_compare_exchange_weak(&under_way, &n, n + 1));
	return true;
}

static void queue(void)
{
	struct lot_waiter waiter;

	while (!enter()) {
		co__lot_enter(&waiter, &under_way, WAIT_DEAF);
		if (enter()) {
			if (co__lot_leave(&waiter))
				co__lot_wake(&under_way, 1);
			return;
		}
		co__lot_park(&waiter, DUE_NEVER);
	}
}

long co__resolve(long (*work)(void *), void *arg)
{
	long r;

	if (!co__self())
		return work(arg);
	queue();
	r = co__offload(work, arg);
	atomic_fetch_sub(&under_way, 1);
	co__lot_wake(&under_way, 1);
	return r;
}
