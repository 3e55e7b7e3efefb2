/* kid.h - a child process that does as it is told, a letter at a time. */
#ifndef HARNESS_KID_H
#define HARNESS_KID_H

#include "harness/peer.h"

#include <sys/types.h>

struct kid {
	pid_t pid;
	int orders; /* to write letters to: 'x' exits with status 7, 'k' kills itself, 's' stops,
	               't' has itself traced and stops */
};

struct kid kid_new(struct run *run);

/* It obeys before this comes back: a kid that was told to end is a zombie then. */
void kid_tell(struct run *run, const struct kid *kid, char order);

/* Reap it plainly, killing it first; what is left of it goes. */
void kid_end(struct run *run, struct kid *kid);

/* The descriptor goes; somebody else has reaped it. */
void kid_forget(struct kid *kid);

/* For struct peer: ARG is the kid, DATA one order. */
void peer_orders(struct peer *peer);

/* Note what is known of a child: whether it was KID, how it ended. */
void note_kid(struct run *run, const struct kid *kid, pid_t pid, int status);

#endif
