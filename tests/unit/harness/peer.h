/* peer.h - the other side of a conversation: an OS thread that makes plain libc calls.
 *
 *	struct peer peer = {.act = peer_writes, .fd = theirs, .data = "hello", .size = 5};
 *
 *	peer_start(run, &peer);
 *	n = result(run, "read", enter(run)->read(mine, buf, sizeof(buf)));
 *	peer_join(&peer);
 *
 * The peer acts when the subject of the run is blocked in the call that follows. */
#ifndef HARNESS_PEER_H
#define HARNESS_PEER_H

#include "harness/run.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct peer {
	void (*act)(struct peer *peer);
	int fd;
	const void *data;
	size_t size;
	bool at_once;    /* do not wait for the subject to block */
	struct spot *spot; /* where it blocks; NULL: in the run's latest call */
	void *arg;       /* for ACT */
	ssize_t count;   /* for ACT to leave a result in */
	struct run *run; /* from here on: peer_start()'s */
	pthread_t thread;
};

/* Start ACT. All signals are blocked in it. */
void peer_start(struct run *run, struct peer *peer);

/* Wait until ACT has returned; what it missed becomes a failure of the run. */
void peer_join(struct peer *peer);

/* For ACT: wait until the subject is blocked again. */
void peer_await(struct peer *peer);

/* Ready-made acts. */
void peer_writes(struct peer *peer);     /* DATA, SIZE bytes */
void peer_closes(struct peer *peer);     /* FD, for good */
void peer_resets(struct peer *peer);     /* FD, a TCP socket: the other side sees ECONNRESET */
void peer_shuts_down(struct peer *peer); /* its sending half */
void peer_drains(struct peer *peer);     /* reads SIZE bytes, or to the end; COUNT of them were right */
void peer_signals(struct peer *peer);    /* sends signal number SIZE to the subject's thread */
void peer_says_nothing(struct peer *peer); /* only sees that the subject blocks */

/* Fill BUF with what peer_drains() expects. */
void pattern_fill(void *buf, size_t size);

#endif
