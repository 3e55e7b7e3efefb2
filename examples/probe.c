/* probe - ask many services at once whether they are there, and give up on each in time.
 *
 *	probe [-t MILLISECONDS] HOST:PORT...
 *
 * One thread per service: look the name up, connect, wait for a line of greeting. All
 * waiting is bounded by the sockets' own timeouts (SO_SNDTIMEO bounds connect,
 * SO_RCVTIMEO bounds recv), so the code has no clock and no poll in it. One line per
 * service, in the order of the command line. */
#include "net.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

struct service {
	const char *name; /* HOST:PORT as given */
	pthread_t thread;
	char verdict[256];
};

static struct timeval patience = {.tv_sec = 1};

static struct addrinfo *look_up(struct service *s)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	char host[256];
	const char *colon = strrchr(s->name, ':');

	if (!colon || (size_t)(colon - s->name) >= sizeof(host)) {
		snprintf(s->verdict, sizeof(s->verdict), "not HOST:PORT");
		return NULL;
	}
	snprintf(host, sizeof(host), "%.*s", (int)(colon - s->name), s->name);
	int err = getaddrinfo(host, colon + 1, &hints, &found);

	if (err)
		snprintf(
			s->verdict, sizeof(s->verdict), "look-up: %s", gai_strerror(err));
	return err ? NULL : found;
}

/* A connected socket, or -1 and errno; EINPROGRESS says that the time was up. */
static int dial(const struct addrinfo *a)
{
	int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0 ||
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) <
			0 ||
		connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
		int saved = errno;

		close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

static void greet(struct service *s, int fd)
{
	char line[128];
	ssize_t n = recv(fd, line, sizeof(line) - 1, 0);

	if (n > 0) {
		line[n] = '\0';
		line[strcspn(line, "\r\n")] = '\0';
		snprintf(s->verdict, sizeof(s->verdict), "says \"%s\"", line);
	} else if (n == 0) {
		snprintf(s->verdict, sizeof(s->verdict), "hung up without a word");
	} else if (errno == EAGAIN) {
		snprintf(s->verdict, sizeof(s->verdict), "accepted, then silence");
	} else {
		snprintf(s->verdict, sizeof(s->verdict), "recv: %s", strerror(errno));
	}
}

static void *probe(void *argument)
{
	struct service *s = argument;
	struct addrinfo *all = look_up(s);
	int fd = -1;

	for (struct addrinfo *a = all; a && fd < 0; a = a->ai_next)
		fd = dial(a);
	if (fd >= 0) {
		greet(s, fd);
		close(fd);
	} else if (all) {
		snprintf(s->verdict, sizeof(s->verdict), "connect: %s",
			errno == EINPROGRESS ? "no answer in time" : strerror(errno));
	}
	if (all)
		freeaddrinfo(all);
	return NULL;
}

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "-t") == 0) {
		long ms = net_number(argv[2], 1, 3600 * 1000);

		patience = (struct timeval){ms / 1000, ms % 1000 * 1000};
		argc -= 2;
		argv += 2;
	}
	if (argc < 2) {
		fprintf(stderr, "usage: probe [-t MILLISECONDS] HOST:PORT...\n");
		return 2;
	}
	int n = argc - 1, started = 0, err = 0;
	struct service *services = calloc((size_t)n, sizeof(*services));

	if (!services) {
		perror("probe");
		return 1;
	}
	for (; started < n && !err; started += !err) {
		struct service *s = &services[started];

		s->name = argv[started + 1];
		err = pthread_create(&s->thread, NULL, probe, s);
	}
	for (struct service *s = services; s < services + started; s++) {
		pthread_join(s->thread, NULL);
		printf("%s %s\n", s->name, s->verdict);
	}
	free(services);
	if (err)
		fprintf(stderr, "probe: no thread: %s\n", strerror(err));
	return err ? 1 : 0;
}
