/* forward - a TCP proxy: whatever connects here is connected there, bytes flow both ways.
 *
 *	forward PORT TARGET-HOST TARGET-PORT [CONNECTIONS]
 *
 * Two threads a connection, one per direction, each a loop of read and write. When a side
 * has no more to say, exactly that direction is closed: the answer may still be on its
 * way. */
#include "net.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct addrinfo *target;

struct direction {
	int from, to;
};

/* Copy until FROM ends or TO breaks, then tell both neighbours. */
static void *pump(void *argument)
{
	const struct direction *d = argument;
	char buffer[16 * 1024];
	ssize_t n;

	for (;;) {
		n = read(d->from, buffer, sizeof(buffer));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || net_write(d->to, buffer, (size_t)n) < 0)
			break;
	}
	shutdown(d->to, SHUT_WR);
	if (n != 0) /* broken, not ended: nobody reads FROM any more */
		shutdown(d->from, SHUT_RD);
	return NULL;
}

static int dial(void)
{
	for (struct addrinfo *a = target; a; a = a->ai_next) {
		int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);

		if (fd < 0)
			continue;
		if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
			return fd;
		close(fd);
	}
	return -1;
}

static void relay(int near, int far)
{
	struct direction there = {near, far}, back = {far, near};
	pthread_t thread;
	int err = pthread_create(&thread, NULL, pump, &back);

	if (err) {
		fprintf(stderr, "forward: no thread for a direction: %s\n",
			strerror(err));
		return;
	}
	pump(&there);
	pthread_join(thread, NULL);
}

static void *serve(void *argument)
{
	int near = (int)(intptr_t)argument, far = dial();

	if (far >= 0) {
		setsockopt(near, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
		setsockopt(far, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
		relay(near, far);
		close(far);
	}
	close(near);
	return NULL;
}

static void start(int fd)
{
	pthread_t thread;
	int err = pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd);

	if (err) {
		fprintf(stderr, "forward: no thread for a connection: %s\n",
			strerror(err));
		close(fd);
		return;
	}
	pthread_detach(thread);
}

static void resolve(const char *host, const char *port)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	int err = getaddrinfo(host, port, &hints, &target);

	if (err) {
		fprintf(stderr, "forward: %s port %s: %s\n", host, port,
			gai_strerror(err));
		exit(1);
	}
}

int main(int argc, char **argv)
{
	if (argc != 4 && argc != 5) {
		fprintf(stderr,
			"usage: forward PORT TARGET-HOST TARGET-PORT [CONNECTIONS]\n");
		return 2;
	}
	long left = argc == 5 ? net_number(argv[4], 1, LONG_MAX) : -1;

	signal(SIGPIPE, SIG_IGN);
	resolve(argv[2], argv[3]);
	int listener = net_listen(argv[1]);

	for (; left != 0; left -= left > 0) {
		int fd = net_accept(listener);

		if (fd < 0) {
			perror("forward: accept");
			return 1;
		}
		start(fd);
	}
	close(listener);
	pthread_exit(NULL);
}
