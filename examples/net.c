/* net.c - the socket chores that the servers among the examples share.
 *
 * Nothing here knows of cohook: getaddrinfo, accept and write simply block, which is all
 * that a thread per connection needs. Errors that concern one connection are the caller's
 * to handle; those that leave nothing to serve end the program. */
#include "net.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void die(const char *what, const char *why)
{
	fprintf(stderr, "%s: %s\n", what, why);
	exit(1);
}

static int bind_to(const char *port)
{
	const struct addrinfo hints = {
		.ai_family = AF_INET,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
	};
	struct addrinfo *address;
	int err = getaddrinfo("127.0.0.1", port, &hints, &address);

	if (err)
		die(port, gai_strerror(err));
	int fd = socket(address->ai_family, address->ai_socktype, address->ai_protocol);

	if (fd < 0)
		die("socket", strerror(errno));
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) < 0)
		die("SO_REUSEADDR", strerror(errno));
	if (bind(fd, address->ai_addr, address->ai_addrlen) < 0)
		die("bind", strerror(errno));
	freeaddrinfo(address);
	return fd;
}

int net_listen(const char *port)
{
	int fd = bind_to(port);
	struct sockaddr_in bound;
	socklen_t length = sizeof(bound);

	if (listen(fd, SOMAXCONN) < 0)
		die("listen", strerror(errno));
	if (getsockname(fd, (struct sockaddr *)&bound, &length) < 0)
		die("getsockname", strerror(errno));
	printf("listening on 127.0.0.1:%d\n", ntohs(bound.sin_port));
	fflush(stdout);
	return fd;
}

int net_accept(int listener)
{
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd >= 0)
			return fd;
		switch (errno) {
		case EINTR:
		case ECONNABORTED: /* the peer left before we came */
		case EPROTO:
			break;
		case EMFILE:
		case ENFILE:
		case ENOBUFS:
		case ENOMEM: /* others will leave; until then new ones wait */
			perror("accept");
			usleep(100 * 1000);
			break;
		default:
			return -1;
		}
	}
}

int net_write(int fd, const void *data, size_t length)
{
	const char *p = data;

	while (length > 0) {
		ssize_t n = write(fd, p, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		length -= (size_t)n;
	}
	return 0;
}

long net_number(const char *text, long low, long high)
{
	char *end;

	errno = 0;
	long value = strtol(text, &end, 10);

	if (errno || end == text || *end || value < low || value > high)
		die(text, "not a number in the range that makes sense here");
	return value;
}
