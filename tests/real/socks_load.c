/* socks_load.c - many SOCKS5 connections through a proxy at the same time, every byte
 * checked.
 *
 *	socks_load CONNECTIONS MIN-THREADS MAX-THREADS PROXY [ARGUMENT...]
 *
 * Starts the proxy and is itself what lies behind it: a server that echoes. All
 * connections are set up, then all of them talk at once for some rounds, and while all
 * are open the proxy's threads are counted. Exit status: 0; 1 when a byte, a connection
 * or the number of threads is wrong; 77 when there cannot be so many descriptors. One
 * thread, one epoll set; a hang ends with the alarm. */
#define _GNU_SOURCE
#include "process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	ROUNDS = 4,
	MESSAGE = 3000,      /* bytes a round */
	AT_A_TIME = 128,     /* connections being set up */
	ECHO_BUFFER = 16384,
	PATIENCE_S = 120,
	STATUS_SKIP = 77,
};

enum stage { GREETING, REQUEST, READY, TALKING, FAREWELL, DONE };

struct client {
	int fd;
	unsigned number;
	enum stage stage;
	int round;
	size_t sent, received; /* of this stage's bytes */
};

/* What epoll tells us of; clients have the numbers from CLIENTS on. */
static const uint64_t LISTENER = 0, CLIENTS = UINT64_C(1) << 32;

static struct {
	int set, listener;
	struct sockaddr_in echo, proxy;
	struct client *clients;
	unsigned nclients, started, ready, finished_round, done;
} load;

static _Noreturn void fail(const struct client *client, const char *what)
{
	if (client)
		fprintf(stderr, "connection %u, stage %d, round %d: %s (%s)\n", client->number,
			client->stage, client->round, what, strerror(errno));
	else
		fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

static void watch(int fd, uint64_t token)
{
	struct epoll_event event = {
		.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.u64 = token};

	if (epoll_ctl(load.set, EPOLL_CTL_ADD, fd, &event) < 0)
		fail(NULL, "epoll_ctl");
}

/* --- the server behind the proxy ---------------------------------------------------------------------- */

struct echo {
	size_t size, given;
	char bytes[ECHO_BUFFER];
};

static struct echo *echoes[1 << 16]; /* by descriptor */

static void open_listener(void)
{
	socklen_t size = sizeof(load.echo);

	load.echo.sin_family = AF_INET;
	load.echo.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	load.listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (bind(load.listener, (struct sockaddr *)&load.echo, size) < 0 ||
		getsockname(load.listener, (struct sockaddr *)&load.echo, &size) < 0 ||
		listen(load.listener, SOMAXCONN) < 0)
		fail(NULL, "listening");
	watch(load.listener, LISTENER);
}

static void accept_all(void)
{
	int fd;

	while ((fd = accept4(load.listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		if (fd >= 1 << 16)
			fail(NULL, "too many descriptors");
		echoes[fd] = calloc(1, sizeof(struct echo));
		watch(fd, (uint64_t)fd);
	}
	if (errno != EAGAIN)
		fail(NULL, "accept4");
}

static void end_echo(int fd)
{
	free(echoes[fd]);
	echoes[fd] = NULL;
	close(fd);
}

static void echo_all(int fd)
{
	struct echo *echo = echoes[fd];
	ssize_t n;

	while (echo) {
		if (echo->given == echo->size) {
			n = read(fd, echo->bytes, sizeof(echo->bytes));
			if (n < 0 && errno == EAGAIN)
				return;
			if (n <= 0) {
				end_echo(fd);
				return;
			}
			echo->size = (size_t)n;
			echo->given = 0;
		}
		n = send(fd, echo->bytes + echo->given, echo->size - echo->given, MSG_NOSIGNAL);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0)
			fail(NULL, "echoing");
		echo->given += (size_t)n;
	}
}

/* --- the clients in front of it ----------------------------------------------------------------------- */

static unsigned char message_byte(const struct client *client, size_t i)
{
	uint32_t x = client->number * 2654435761u + (uint32_t)client->round * 40503u + (uint32_t)i;

	return (unsigned char)((x ^ x >> 7 ^ x >> 15) & 0xff);
}

/* What this stage sends. */
static size_t make_output(const struct client *client, unsigned char *out)
{
	static const unsigned char greeting[] = {5, 1, 0};
	unsigned char request[10] = {5, 1, 0, 1};
	size_t i;

	switch (client->stage) {
	case GREETING:
		memcpy(out, greeting, sizeof(greeting));
		return sizeof(greeting);
	case REQUEST:
		memcpy(request + 4, &load.echo.sin_addr, 4);
		memcpy(request + 8, &load.echo.sin_port, 2);
		memcpy(out, request, sizeof(request));
		return sizeof(request);
	case TALKING:
		for (i = 0; i < MESSAGE; i++)
			out[i] = message_byte(client, i);
		return MESSAGE;
	default:
		return 0;
	}
}

static size_t expected_size(const struct client *client)
{
	switch (client->stage) {
	case GREETING:
		return 2;
	case REQUEST:
		return 10;
	case TALKING:
		return MESSAGE;
	default:
		return 0;
	}
}

static void check_input(const struct client *client, const unsigned char *in, size_t size)
{
	size_t i, at = client->received;

	for (i = 0; i < size; i++, at++) {
		if (client->stage == TALKING && in[i] != message_byte(client, at))
			fail(client, "a wrong byte came back");
		if (client->stage != TALKING && at == 0 && in[i] != 5)
			fail(client, "this is not SOCKS5");
		if (client->stage != TALKING && at == 1 && in[i] != 0)
			fail(client, "the proxy refused");
	}
}

static void start_client(void)
{
	struct client *client = &load.clients[load.started];

	client->number = load.started;
	client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (client->fd < 0)
		fail(client, "socket");
	if (connect(client->fd, (struct sockaddr *)&load.proxy, sizeof(load.proxy)) < 0 &&
		errno != EINPROGRESS)
		fail(client, "connect");
	watch(client->fd, CLIENTS + load.started++);
}

static void next_stage(struct client *client)
{
	client->sent = client->received = 0;
	if (client->stage == TALKING) {
		client->stage = READY;
		load.finished_round++;
		return;
	}
	client->stage++;
	load.ready += client->stage == READY;
}

static bool give(struct client *client)
{
	unsigned char out[MESSAGE];
	size_t size = make_output(client, out);

	while (client->sent < size) {
		ssize_t n = send(client->fd, out + client->sent, size - client->sent,
			MSG_NOSIGNAL);

		if (n < 0 && (errno == EAGAIN || errno == ENOTCONN))
			return false;
		if (n < 0)
			fail(client, "send");
		client->sent += (size_t)n;
	}
	return true;
}

static bool take(struct client *client)
{
	unsigned char in[MESSAGE];
	size_t size = expected_size(client);

	while (client->received < size) {
		ssize_t n = read(client->fd, in, size - client->received);

		if (n < 0 && (errno == EAGAIN || errno == ENOTCONN))
			return false;
		if (n <= 0)
			fail(client, n ? "read" : "the connection ended");
		check_input(client, in, (size_t)n);
		client->received += (size_t)n;
	}
	return true;
}

static void see_the_end(struct client *client)
{
	unsigned char byte;
	ssize_t n = read(client->fd, &byte, 1);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n > 0)
		fail(client, "a byte too many came back");
	close(client->fd);
	client->stage = DONE;
	load.done++;
}

static void go_on(struct client *client)
{
	while (client->stage == GREETING || client->stage == REQUEST ||
		client->stage == TALKING) {
		give(client);
		if (!take(client))
			return;
		next_stage(client);
	}
	if (client->stage == FAREWELL)
		see_the_end(client);
}

static void turn(void)
{
	struct epoll_event events[256];
	int i, n = epoll_wait(load.set, events, 256, -1);

	for (i = 0; i < n; i++) {
		if (events[i].data.u64 == LISTENER)
			accept_all();
		else if (events[i].data.u64 >= CLIENTS)
			go_on(&load.clients[events[i].data.u64 - CLIENTS]);
		else
			echo_all((int)events[i].data.u64);
	}
}

static void set_up_all(void)
{
	while (load.ready < load.nclients) {
		while (load.started < load.nclients && load.started - load.ready < AT_A_TIME)
			start_client();
		turn();
	}
}

static void talk_all(int round)
{
	unsigned i;

	load.finished_round = 0;
	for (i = 0; i < load.nclients; i++) {
		load.clients[i].round = round;
		load.clients[i].stage = TALKING;
		go_on(&load.clients[i]);
	}
	while (load.finished_round < load.nclients)
		turn();
}

static void part_all(void)
{
	unsigned i;

	for (i = 0; i < load.nclients; i++) {
		load.clients[i].stage = FAREWELL;
		if (shutdown(load.clients[i].fd, SHUT_WR) < 0)
			fail(&load.clients[i], "shutdown");
		go_on(&load.clients[i]);
	}
	while (load.done < load.nclients)
		turn();
}

/* This process needs two descriptors for each connection, and so does the proxy, which
 * inherits it. */
static void raise_limit(unsigned connections)
{
	struct rlimit limit;
	rlim_t needed = 2 * (rlim_t)connections + 100;

	getrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_max < needed) {
		fprintf(stderr, "SKIP: %u connections need %lu descriptors, the limit is %lu\n",
			connections, (unsigned long)needed, (unsigned long)limit.rlim_max);
		exit(STATUS_SKIP);
	}
	limit.rlim_cur = limit.rlim_cur < needed ? needed : limit.rlim_cur;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static bool count_threads(pid_t proxy, long least, long most)
{
	long threads = process_status(proxy, "Threads:");

	printf("%u connections at once through %ld OS threads, %ld KiB resident\n",
		load.nclients, threads, process_status(proxy, "VmRSS:"));
	if (threads >= least && threads <= most)
		return true;
	fprintf(stderr, "expected between %ld and %ld threads\n", least, most);
	return false;
}

static pid_t start_proxy(char *const argv[])
{
	pid_t proxy = process_start(argv);
	int port = process_port(proxy);

	if (port == 0)
		fail(NULL, "the proxy does not listen");
	load.proxy.sin_family = AF_INET;
	load.proxy.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	load.proxy.sin_port = htons((uint16_t)port);
	return proxy;
}

int main(int argc, char **argv)
{
	bool good;
	pid_t proxy;
	int round, status;

	if (argc < 5 || (load.nclients = (unsigned)atoi(argv[1])) == 0) {
		fprintf(stderr, "usage: socks_load CONNECTIONS MIN-THREADS MAX-THREADS "
				"PROXY [ARGUMENT...]\n");
		return 2;
	}
	alarm(PATIENCE_S);
	raise_limit(load.nclients);
	load.clients = calloc(load.nclients, sizeof(*load.clients));
	load.set = epoll_create1(EPOLL_CLOEXEC);
	/* Before there is a listening socket of our own, which the child would seem to
	 * have until it executes. */
	proxy = start_proxy(argv + 4);
	open_listener();
	set_up_all();
	for (round = 0; round < ROUNDS; round++)
		talk_all(round);
	good = count_threads(proxy, atol(argv[2]), atol(argv[3]));
	part_all();
	status = process_stop(proxy);
	if (status != 0)
		fprintf(stderr, "the proxy ended with status %#x\n", (unsigned)status);
	free(load.clients);
	return good && status == 0 ? 0 : 1;
}
