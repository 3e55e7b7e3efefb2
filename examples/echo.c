/* echo - send back whatever arrives. The smallest server with a thread per connection.
 *
 *	echo PORT [CONNECTIONS]
 *
 * With CONNECTIONS it takes that many and ends when the last of them has ended. */
#include "net.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static ssize_t next(int fd, char *buffer, size_t size)
{
	ssize_t n;

	do
		n = read(fd, buffer, size);
	while (n < 0 && errno == EINTR);
	return n;
}

static void *serve(void *argument)
{
	int fd = (int)(intptr_t)argument;
	char buffer[2048];
	ssize_t n;

	while ((n = next(fd, buffer, sizeof(buffer))) > 0)
		if (net_write(fd, buffer, (size_t)n) < 0)
			break;
	close(fd);
	return NULL;
}

static void start(int fd)
{
	pthread_t thread;
	int err = pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd);

	if (err) {
		fprintf(stderr, "echo: no thread for a connection: %s\n", strerror(err));
		close(fd);
		return;
	}
	pthread_detach(thread);
}

int main(int argc, char **argv)
{
	if (argc != 2 && argc != 3) {
		fprintf(stderr, "usage: echo PORT [CONNECTIONS]\n");
		return 2;
	}
	long left = argc == 3 ? net_number(argv[2], 1, LONG_MAX) : -1;

	signal(SIGPIPE, SIG_IGN); /* a peer that leaves early is an EPIPE, not our end */
	int listener = net_listen(argv[1]);

	for (; left != 0; left -= left > 0) {
		int fd = net_accept(listener);

		if (fd < 0) {
			perror("echo: accept");
			return 1;
		}
		start(fd);
	}
	close(listener);
	pthread_exit(NULL); /* main is done, the connections are not */
}
