/* accepting.h - what accept and accept4 have in common. */
#ifndef HARNESS_ACCEPTING_H
#define HARNESS_ACCEPTING_H

#include "harness/run.h"

struct accepting {
	/* The call under test; through enter() and descriptor(). */
	int (*accept)(struct run *run, int fd, struct sockaddr *address, socklen_t *size);
};

void accepting_add(const struct accepting *verb);

/* An act for a peer: connect to the sockaddr_in that ARG points to, and stay until the
 * run lets it go. */
struct peer;
void peer_connects(struct peer *peer);

#endif
