/* server_epoll.c - the peer that the others are measured against: echo on raw epoll.
 *
 *	server_epoll PORT
 *
 * Written by hand to make no system call in vain: sockets are registered once,
 *edge-triggered for both directions; a read that comes back short has emptied the socket,
 *so there is no second one to be told EAGAIN; the answer is written at once, and only
 *what does not fit is kept. One buffer serves all connections. */
#define _GNU_SOURCE /* accept4 */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 2048, EVENTS = 256 };

struct connection {
	int fd;
	bool hung_up;         /* the peer has ended its direction or all of it */
	uint32_t rest_length; /* of REST */
	char *rest;           /* what could not be written yet; NULL if nothing */
};

static int set;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static int listen_on(const char *port)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)atoi(port)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, length) < 0 ||
		listen(fd, SOMAXCONN) < 0 ||
		getsockname(fd, (struct sockaddr *)&a, &length) < 0)
		die("listen");
	printf("listening on 127.0.0.1:%d\n", ntohs(a.sin_port));
	fflush(stdout);
	return fd;
}

static void watch(int fd, uint32_t events, struct connection *c)
{
	struct epoll_event event = {.events = events, .data.ptr = c};

	if (epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) < 0)
		die("epoll_ctl");
}

static void accept_all(int listener)
{
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		struct connection *c = calloc(1, sizeof(*c));

		if (!c)
			die("accept");
		c->fd = fd;
		watch(fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, c);
	}
	if (errno != EAGAIN && errno != ECONNABORTED && errno != EINTR)
		die("accept");
}

static void end(struct connection *c)
{
	close(c->fd);
	free(c->rest);
	free(c);
}

/* Send as much as goes, keep the rest. False if the connection is broken. */
static bool answer(struct connection *c, const char *bytes, size_t length)
{
	ssize_t n = send(c->fd, bytes, length, MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN)
		return false;
	if (n < 0)
		n = 0;
	if ((size_t)n == length)
		return true;
	c->rest_length = (uint32_t)(length - (size_t)n);
	c->rest = malloc(c->rest_length);
	if (!c->rest)
		die("answer");
	memcpy(c->rest, bytes + n, c->rest_length);
	return true;
}

/* Try again with what did not fit before. */
static bool answer_rest(struct connection *c)
{
	char *rest = c->rest;
	bool good;

	c->rest = NULL;
	good = answer(c, rest, c->rest_length);
	free(rest);
	return good;
}

/* Read and answer until there is no more, or no room. False if the connection is over. */
static bool serve(struct connection *c)
{
	static char buffer[BUFFER];
	ssize_t n;

	if (c->rest && !answer_rest(c))
		return false;
	while (!c->rest) {
		n = recv(c->fd, buffer, sizeof(buffer), 0);
		if (n <= 0)
			return n < 0 && errno == EAGAIN;
		if (!answer(c, buffer, (size_t)n))
			return false;
		if (n < BUFFER && !c->hung_up)
			return true;
	}
	return true;
}

int main(int argc, char **argv)
{
	static struct epoll_event events[EVENTS];

	if (argc != 2) {
		fprintf(stderr, "usage: server_epoll PORT\n");
		return 2;
	}
	set = epoll_create1(EPOLL_CLOEXEC);
	if (set < 0)
		die("epoll_create1");
	int listener = listen_on(argv[1]);

	watch(listener, EPOLLIN, NULL);
	for (;;) {
		int n = epoll_wait(set, events, EVENTS, -1);

		if (n < 0 && errno != EINTR)
			die("epoll_wait");
		for (int i = 0; i < n; i++) {
			struct connection *c = events[i].data.ptr;

			if (!c) {
				accept_all(listener);
				continue;
			}
			c->hung_up |=
				events[i].events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR);
			if (!serve(c))
				end(c);
		}
	}
}
