/* crowd.c - how many calls of a library are in flight at once, in how few OS threads.
 *
 *	crowd CALLS MOST-THREADS SERVER
 *
 * Each call is a thread's, with a client of its own. When the server says that all of them wait, this
 * process's OS threads are counted; then they are answered, and every thread goes on and ends. Exit status: 0, or
 * 1 when an answer is wrong or there are too many threads. A hang ends with the alarm. */
#define _GNU_SOURCE
#include "crowd.h"

#include <dirent.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATIENCE_S = 120, STACK = 256 * 1024 };

static const char *server;

void crowd_fail(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(1);
}

static void *visit(void *arg)
{
	unsigned number = (unsigned)(uintptr_t)arg;
	void *client = client_open(server);

	client_talk(client, number);
	client_hang(client, number);
	client_talk(client, number);
	client_close(client);
	return arg;
}

static unsigned count_threads(void)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *entry;
	unsigned n = 0;

	while (tasks && (entry = readdir(tasks)))
		n += entry->d_name[0] != '.';
	if (tasks)
		closedir(tasks);
	return n;
}

static void start(pthread_t *threads, unsigned calls)
{
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK);
	for (unsigned i = 0; i < calls; i++) {
		int error =
			pthread_create(&threads[i], &attr, visit, (void *)(uintptr_t)i);

		if (error)
			crowd_fail("pthread_create", strerror(error));
	}
	pthread_attr_destroy(&attr);
}

static void join(const pthread_t *threads, unsigned calls)
{
	for (unsigned i = 0; i < calls; i++) {
		void *number = NULL;

		if (pthread_join(threads[i], &number) || (uintptr_t)number != i)
			crowd_fail("pthread_join", "not the thread that was made");
	}
}

int main(int argc, char **argv)
{
	unsigned calls = argc == 4 ? (unsigned)atoi(argv[1]) : 0, hanging, threads;
	pthread_t *crowd = calloc(calls, sizeof(*crowd));
	void *observer;

	if (!calls || !crowd) {
		fprintf(stderr, "usage: crowd CALLS MOST-THREADS SERVER\n");
		return 2;
	}
	alarm(PATIENCE_S);
	server = argv[3];
	observer = client_open(server);
	client_shut(observer);
	start(crowd, calls);
	while ((hanging = client_hanging(observer)) < calls)
		usleep(2000);
	threads = count_threads();
	client_release(observer, hanging);
	join(crowd, calls);
	client_close(observer);
	free(crowd);
	printf("%u calls in flight in %u OS threads\n", hanging, threads);
	if (threads <= (unsigned)atoi(argv[2]))
		return 0;
	fprintf(stderr, "expected at most %s threads\n", argv[2]);
	return 1;
}
