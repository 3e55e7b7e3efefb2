/* server_locks.c - echo with locks: every request counts under one lock that all
 * connections share and changes entries under others, and one thread waits for news of
 * all of them.
 *
 *	server_locks PORT
 *
 * Plain pthreads; built by cc and by cohook-cc. */
#include "net.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { STRIPES = 8, ENTRIES = 1024, LOOKUPS = 8, TURN_EVERY = 16 };

static struct stripe {
	pthread_mutex_t lock;
	unsigned long entries[ENTRIES];
} stripes[STRIPES];

static struct {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	unsigned long requests, turn;
} shared = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};

static void look_up(unsigned long key)
{
	struct stripe *stripe = &stripes[key % STRIPES];

	pthread_mutex_lock(&stripe->lock);
	stripe->entries[key / STRIPES % ENTRIES] += key;
	pthread_mutex_unlock(&stripe->lock);
}

static unsigned long count(void)
{
	pthread_mutex_lock(&shared.lock);
	unsigned long number = ++shared.requests;

	if (number % TURN_EVERY == 0) {
		shared.turn++;
		pthread_cond_signal(&shared.moved);
	}
	pthread_mutex_unlock(&shared.lock);
	return number;
}

static void work(const char *data, size_t length)
{
	unsigned long key = count();

	for (size_t i = 0; i < LOOKUPS; i++) {
		key = key * 31 + (unsigned char)data[i % length];
		look_up(key);
	}
}

static void *serve(void *argument)
{
	int fd = (int)(intptr_t)argument;
	char buffer[2048];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof(buffer))) > 0) {
		work(buffer, (size_t)n);
		if (net_write(fd, buffer, (size_t)n) < 0)
			break;
	}
	close(fd);
	return NULL;
}

/* Waits for the turns that others give, as a writer of a log would. */
static void *keep_turns(void *argument)
{
	unsigned long seen = 0;

	pthread_mutex_lock(&shared.lock);
	for (;;) {
		while (shared.turn == seen)
			pthread_cond_wait(&shared.moved, &shared.lock);
		seen = shared.turn;
	}
	return argument;
}

static void start(void *(*entry)(void *), int fd)
{
	pthread_t thread;
	int err = pthread_create(&thread, NULL, entry, (void *)(intptr_t)fd);

	if (err) {
		fprintf(stderr, "server_locks: no thread: %s\n", strerror(err));
		close(fd);
		return;
	}
	pthread_detach(thread);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: server_locks PORT\n");
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	for (size_t i = 0; i < STRIPES; i++)
		pthread_mutex_init(&stripes[i].lock, NULL);
	start(keep_turns, -1);
	int listener = net_listen(argv[1]), fd;

	while ((fd = net_accept(listener)) >= 0)
		start(serve, fd);
	perror("server_locks: accept");
	return 1;
}
