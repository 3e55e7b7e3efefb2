/* client.c - the event loop of the load generator: a closed loop over many connections.
 *
 * A connection is idle (in the ring), busy (a request is out, its reply is not complete)
 * or failed (closed, counted as an error). Nothing but the expected bytes may arrive, and
 * only while busy. Called by load.c, in one thread. */
#include "client.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	PORTS_PER_ADDRESS =
		20000,       /* of the 28,000 that Linux has for outgoing connections */
	MESSAGES_SHOWN = 10, /* of the errors, then only their number */
};

uint64_t client_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void fail(struct client *c, struct connection *n, const char *why)
{
	if (c->errors++ < MESSAGES_SHOWN)
		fprintf(stderr, "load: connection %td, request %u: %s\n",
			n - c->connections, n->number, why);
	close(n->fd);
	n->fd = -1;
	c->open--;
	c->busy -= n->busy;
	n->busy = false;
}

static void push_idle(struct client *c, struct connection *n)
{
	uint32_t last = (c->idle_first + c->idle_count++) % c->capacity;

	c->idle[last] = (uint32_t)(n - c->connections);
}

/* The one that has been idle for longest; NULL if none is. */
static struct connection *pop_idle(struct client *c)
{
	while (c->idle_count > 0) {
		struct connection *n = &c->connections[c->idle[c->idle_first]];

		c->idle_first = (c->idle_first + 1) % c->capacity;
		c->idle_count--;
		if (n->fd >= 0)
			return n;
	}
	return NULL;
}

/* Send what is left of the request; what does not fit goes out at the next EPOLLOUT. */
static void push_out(struct client *c, struct connection *n)
{
	const struct message *m = &c->request;

	message_stamp(&c->request, (uint32_t)(n - c->connections), n->number);
	while (n->sent < m->length) {
		ssize_t done = send(n->fd, m->bytes + n->sent, m->length - n->sent,
			MSG_NOSIGNAL | MSG_DONTWAIT);

		if (done < 0 && errno == EAGAIN)
			return;
		if (done < 0) {
			fail(c, n, strerror(errno));
			return;
		}
		n->sent += (uint32_t)done;
	}
}

static void ask(struct client *c, struct connection *n, uint64_t now)
{
	n->number++;
	n->sent = n->got = 0;
	n->busy = true;
	n->started_ns = now;
	c->busy++;
	push_out(c, n);
}

void client_ask(struct client *c, uint32_t count)
{
	struct connection *n;

	while (count-- > 0 && (n = pop_idle(c)))
		ask(c, n, client_now());
}

static void complete(struct client *c, struct connection *n)
{
	uint64_t now = client_now();

	c->replies++;
	latency_add(c->latency, now - n->started_ns);
	c->busy--;
	n->busy = false;
	push_idle(c, n);
	if (!c->stopping)
		ask(c, pop_idle(c), now);
}

/* Check LENGTH bytes that arrived. False if the connection failed. */
static bool verify(
	struct client *c, struct connection *n, const char *bytes, size_t length)
{
	const struct message *m = &c->reply;

	if (!n->busy || length > m->length - n->got) {
		fail(c, n, "bytes that nobody asked for");
		return false;
	}
	message_stamp(&c->reply, (uint32_t)(n - c->connections), n->number);
	if (memcmp(bytes, m->bytes + n->got, length) != 0) {
		fail(c, n, "wrong bytes");
		return false;
	}
	n->got += (uint32_t)length;
	return true;
}

/* Read until there is no more: a short read is the end, unless the peer has hung up. */
static void pull_in(struct client *c, struct connection *n, bool hung_up)
{
	static char buffer[64 * 1024];
	ssize_t done;

	do {
		done = recv(n->fd, buffer, sizeof(buffer), MSG_DONTWAIT);
		if (done < 0 && errno == EAGAIN)
			return;
		if (done <= 0) {
			fail(c, n, done ? strerror(errno) : "closed by the server");
			return;
		}
		if (!verify(c, n, buffer, (size_t)done))
			return;
	} while (hung_up || done == (ssize_t)sizeof(buffer));
	if (n->busy && n->got == c->reply.length)
		complete(c, n);
}

int client_turn(struct client *c, int timeout_ms)
{
	struct epoll_event events[256];
	int count = epoll_wait(c->epoll, events, 256, timeout_ms);

	if (count < 0)
		return errno == EINTR ? 0 : -errno;
	for (int i = 0; i < count; i++) {
		struct connection *n = events[i].data.ptr;
		uint32_t what = events[i].events;

		if (n->busy && n->sent < c->request.length)
			push_out(c, n);
		if (n->fd >= 0 && (what & ~(uint32_t)EPOLLOUT))
			pull_in(c, n, what & (EPOLLRDHUP | EPOLLHUP | EPOLLERR));
	}
	return count;
}

/* Give the socket an address of its own once those before have used up a range of ports.
 */
static int bind_source(int fd, uint32_t index)
{
	struct sockaddr_in source = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + index / PORTS_PER_ADDRESS),
	};

	if (index < PORTS_PER_ADDRESS)
		return 0;
	if (setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &(int){1}, sizeof(int)) <
		0)
		return -errno;
	return bind(fd, (struct sockaddr *)&source, sizeof(source)) < 0 ? -errno : 0;
}

static int dial(struct client *c, uint32_t index)
{
	/* a reset at the end: thousands of sockets in TIME_WAIT would burden the next run
	 */
	const struct linger linger = {.l_onoff = 1};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	int err = bind_source(fd, index);

	if (!err &&
		(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)) < 0 ||
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)) <
				0 ||
			connect(fd, (struct sockaddr *)&c->server, sizeof(c->server)) <
				0))
		err = -errno;
	if (err) {
		close(fd);
		return err;
	}
	return fd;
}

int client_open(struct client *c)
{
	struct connection *n = &c->connections[c->made];
	struct epoll_event event = {
		.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
		.data.ptr = n,
	};
	int fd = dial(c, c->made);

	if (fd < 0)
		return fd;
	if (epoll_ctl(c->epoll, EPOLL_CTL_ADD, fd, &event) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	n->fd = fd;
	c->made++;
	c->open++;
	ask(c, n, client_now());
	return 0;
}

int client_init(struct client *c)
{
	c->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (c->epoll < 0)
		return -errno;
	c->connections = calloc(c->capacity, sizeof(*c->connections));
	c->idle = calloc(c->capacity, sizeof(*c->idle));
	c->latency = calloc(1, sizeof(*c->latency));
	if (c->connections && c->idle && c->latency)
		return 0;
	client_fini(c);
	return -ENOMEM;
}

void client_fini(struct client *c)
{
	for (uint32_t i = 0; i < c->made; i++)
		if (c->connections[i].fd >= 0)
			close(c->connections[i].fd);
	free(c->connections);
	free(c->idle);
	free(c->latency);
	close(c->epoll);
}
