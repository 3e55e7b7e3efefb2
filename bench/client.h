/* client.h - many connections to one server, each asking and waiting in turn. */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "latency.h"
#include "message.h"

struct connection {
	int fd;              /* -1 once it has failed */
	uint32_t number;     /* of its latest request */
	uint32_t sent, got;  /* bytes of that request and of its reply */
	bool busy;           /* a reply is outstanding */
	uint64_t started_ns; /* when the request began; valid while busy */
};

struct client {
	/* set by the caller before client_init() */
	struct sockaddr_in server;
	struct message request, reply;
	uint32_t capacity; /* connections there is to be room for */

	/* to be read by the caller; it may zero the counts at any time */
	uint64_t replies, errors;
	struct latency *latency;
	uint32_t open, busy;

	/* set by the caller at any time: a connection that has its reply asks no more */
	bool stopping;

	/* private */
	struct connection *connections;
	uint32_t *idle; /* a ring: who asks next */
	uint32_t idle_first, idle_count;
	uint32_t made; /* connections so far, failed ones too */
	int epoll;
};

/* 0 or -errno; to be given to client_fini() only if it succeeded. */
int client_init(struct client *c);

/* Open one more connection and send its first request. 0 or -errno. */
int client_open(struct client *c);

/* Let up to COUNT idle connections send a request; from then on, each reply lets the one
 * that has been idle for longest send the next. */
void client_ask(struct client *c, uint32_t count);

/* Wait up to TIMEOUT_MS for events and handle them. How many, or -errno. */
int client_turn(struct client *c, int timeout_ms);

void client_fini(struct client *c);

/* CLOCK_MONOTONIC in ns. */
uint64_t client_now(void);

#endif
