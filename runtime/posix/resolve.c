/* resolve.c - getaddrinfo on the thread pool, and the way there for other lookups.
 *
 * libc's own function runs there, so the list is libc's and freeaddrinfo() frees it. Slow
 * name servers must not keep files from the pool: only so many lookups are under way at
 * once, the others queue here. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../loop/offload.h"
#include "../lot.h"
#include "../wait.h"
#include "resolve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

struct lookup {
	const char *node, *service;
	const struct addrinfo *hints;
	struct addrinfo **list;
};

static long look_up(void *arg)
{
	const struct lookup *l = arg;

	return getaddrinfo(l->node, l->service, l->hints, l->list);
}

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

static bool numeric_address(const char *node)
{
	unsigned char address[16];

	return !node || inet_pton(AF_INET, node, address) == 1 ||
	       inet_pton(AF_INET6, node, address) == 1;
}

static bool numeric_port(const char *service)
{
	if (!service)
		return true;
	while (*service >= '0' && *service <= '9')
		service++;
	return *service == '\0';
}

/* Whether no server and no file will be asked. */
static bool immediate(const char *node, const char *service, const struct addrinfo *hints)
{
	if (!numeric_address(node) && !(hints && hints->ai_flags & AI_NUMERICHOST))
		return false;
	return numeric_port(service) || (hints && hints->ai_flags & AI_NUMERICSERV);
}

int co_getaddrinfo(const char *restrict node, const char *restrict service,
	const struct addrinfo *restrict hints, struct addrinfo **restrict list)
{
	struct lookup l = {node, service, hints, list};

	if (immediate(node, service, hints))
		return getaddrinfo(node, service, hints, list);
	return (int)co__resolve(look_up, &l);
}
