/* httpd - a small HTTP/1.1 server with keep-alive: a thread per connection,
 * plain blocking calls.
 *
 *	httpd [-n CONNECTIONS] [-t IDLE-SECONDS] PORT
 *
 *	GET /hello/NAME    a greeting
 *	GET /count         how many requests have been answered so far
 *	POST /upper        the body in capitals
 *
 * A connection's thread reads a request, answers it and starts over: the state of the
 * conversation is the point in the program where the thread stands. A client that stays
 * silent for IDLE-SECONDS is dropped by the socket's own timeout. With -n it takes that
 * many connections and ends when the last one has ended. */
#define _GNU_SOURCE /* memmem */
#include "net.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { REQUEST_MAX = 4096, BODY_MAX = 1024 };

struct connection {
	int fd;
	size_t have;          /* bytes of IN that were read and not yet answered */
	char in[REQUEST_MAX]; /* requests as they arrive, possibly several */
};

struct request {
	char *method, *path; /* point into the connection's IN */
	char *body;
	size_t body_length;
	size_t length; /* of all of it, in IN */
	bool keep;     /* the connection goes on after the answer */
};

static int idle_seconds = 60;

static pthread_mutex_t count_lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long count;

static unsigned long count_up(void)
{
	pthread_mutex_lock(&count_lock);
	unsigned long now = ++count;

	pthread_mutex_unlock(&count_lock);
	return now;
}

static const char *reason(int status)
{
	switch (status) {
	case 200:
		return "OK";
	case 400:
		return "Bad Request";
	case 404:
		return "Not Found";
	case 405:
		return "Method Not Allowed";
	case 413:
		return "Content Too Large";
	case 431:
		return "Request Header Fields Too Large";
	case 501:
		return "Not Implemented";
	default:
		return "Internal Server Error";
	}
}

/* Wait for more bytes. False: the client has gone, or has been silent for too long. */
static bool more(struct connection *c)
{
	ssize_t n;

	do
		n = read(c->fd, c->in + c->have, sizeof(c->in) - c->have);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return false;
	c->have += (size_t)n;
	return true;
}

/* One "Name: value" line. 0, or the status that the request deserves. */
static int header(struct request *r, char *line)
{
	char *value = strchr(line, ':');

	if (!value)
		return 400;
	*value++ = '\0';
	value += strspn(value, " \t");
	if (strcasecmp(line, "Connection") == 0)
		r->keep = strcasecmp(value, "close") != 0;
	if (strcasecmp(line, "Transfer-Encoding") == 0)
		return 501;
	if (strcasecmp(line, "Content-Length") == 0) {
		size_t digits = strspn(value, "0123456789");

		if (digits == 0 || value[digits])
			return 400;
		r->body_length = digits > 6 ? BODY_MAX + 1 : strtoul(value, NULL, 10);
	}
	return 0;
}

/* Take the head apart, in place. 0, or the status that the request deserves. */
static int parse(struct request *r, char *head)
{
	char *lines, *words, *line = strtok_r(head, "\r\n", &lines);

	if (!line)
		return 400;
	r->method = strtok_r(line, " ", &words);
	r->path = strtok_r(NULL, " ", &words);
	char *version = strtok_r(NULL, " ", &words);

	if (!r->path || !version || strncmp(version, "HTTP/1.", 7) != 0)
		return 400;
	r->keep = strcmp(version, "HTTP/1.0") != 0;
	while ((line = strtok_r(NULL, "\r\n", &lines))) {
		int status = header(r, line);

		if (status)
			return status;
	}
	return r->body_length > BODY_MAX ? 413 : 0;
}

/* Read one request. 0, the status of a bad one, or -1 when the connection is over. */
static int receive(struct connection *c, struct request *r)
{
	char *end;

	memset(r, 0, sizeof(*r));
	while (!(end = memmem(c->in, c->have, "\r\n\r\n", 4))) {
		if (c->have == sizeof(c->in))
			return 431;
		if (!more(c))
			return -1;
	}
	*end = '\0';
	int status = parse(r, c->in);

	if (status)
		return status;
	r->body = end + 4;
	r->length = (size_t)(r->body - c->in) + r->body_length;
	if (r->length > sizeof(c->in))
		return 413;
	while (c->have < r->length)
		if (!more(c))
			return -1;
	return 0;
}

static bool respond(int fd, int status, bool keep, const char *body, size_t length)
{
	char out[256 + BODY_MAX];
	int head = snprintf(out, 256,
		"HTTP/1.1 %d %s\r\nContent-Type: text/plain\r\nContent-Length: "
		"%zu\r\n%s\r\n",
		status, reason(status), length, keep ? "" : "Connection: close\r\n");

	memcpy(out + head, body, length);
	return net_write(fd, out, (size_t)head + length) == 0;
}

static bool refuse(int fd, int status, bool keep)
{
	char body[64];
	int n = snprintf(body, sizeof(body), "%d %s\n", status, reason(status));

	return respond(fd, status, keep, body, (size_t)n);
}

/* True if the connection can go on. */
static bool answer(int fd, struct request *r)
{
	char body[128];
	unsigned long number = count_up();
	int n;

	if (strcmp(r->method, "POST") == 0) {
		if (strcmp(r->path, "/upper") != 0)
			return refuse(fd, 404, r->keep);
		for (size_t i = 0; i < r->body_length; i++)
			r->body[i] = (char)toupper((unsigned char)r->body[i]);
		return respond(fd, 200, r->keep, r->body, r->body_length);
	}
	if (strcmp(r->method, "GET") != 0)
		return refuse(fd, 405, r->keep);
	if (strncmp(r->path, "/hello/", 7) == 0)
		n = snprintf(body, sizeof(body), "Hello, %.100s!\n", r->path + 7);
	else if (strcmp(r->path, "/count") == 0)
		n = snprintf(body, sizeof(body), "%lu\n", number);
	else
		return refuse(fd, 404, r->keep);
	return respond(fd, 200, r->keep, body, (size_t)n);
}

static void converse(struct connection *c)
{
	struct request r;
	int status;

	c->have = 0;
	while ((status = receive(c, &r)) == 0) {
		if (!answer(c->fd, &r) || !r.keep)
			return;
		c->have -= r.length;
		memmove(c->in, c->in + r.length, c->have);
	}
	if (status > 0) /* where the next request would begin is unknown: no keep-alive */
		refuse(c->fd, status, false);
}

static void *serve(void *argument)
{
	const struct timeval idle = {.tv_sec = idle_seconds};
	struct connection c;

	c.fd = (int)(intptr_t)argument;
	if (setsockopt(c.fd, SOL_SOCKET, SO_RCVTIMEO, &idle, sizeof(idle)) == 0)
		converse(&c);
	close(c.fd);
	return NULL;
}

static void start(int fd)
{
	pthread_t thread;
	int err = pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd);

	if (err) {
		fprintf(stderr, "httpd: no thread for a connection: %s\n", strerror(err));
		close(fd);
		return;
	}
	pthread_detach(thread);
}

int main(int argc, char **argv)
{
	long left = -1;

	for (int option; (option = getopt(argc, argv, "n:t:")) != -1;)
		switch (option) {
		case 'n':
			left = net_number(optarg, 1, LONG_MAX);
			break;
		case 't':
			idle_seconds = (int)net_number(optarg, 1, 24 * 3600);
			break;
		default:
			return 2;
		}
	if (optind + 1 != argc) {
		fprintf(stderr, "usage: httpd [-n CONNECTIONS] [-t IDLE-SECONDS] PORT\n");
		return 2;
	}
	signal(SIGPIPE,
		SIG_IGN); /* a client that leaves early is an EPIPE, not our end */
	int listener = net_listen(argv[optind]);

	for (; left != 0; left -= left > 0) {
		int fd = net_accept(listener);

		if (fd < 0) {
			perror("httpd: accept");
			return 1;
		}
		start(fd);
	}
	close(listener);
	pthread_exit(NULL); /* main is done, the connections are not */
}
