/* outgoing.h - what every call that gives bytes away has in common: write, writev, send,
 * sendto, sendmsg. */
#ifndef HARNESS_OUTGOING_H
#define HARNESS_OUTGOING_H

#include "harness/run.h"

struct outgoing {
	/* The call under test, on one buffer and without flags; through enter() and
	 * result(). */
	ssize_t (*give)(struct run *run, int fd, const void *buf, size_t size);
	/* The same with MSG_ flags, where the call has them. */
	ssize_t (*give_with)(
		struct run *run, int fd, const void *buf, size_t size, int flags);
	bool sockets_only;
};

/* Add the shared scenarios for VERB to the suite. */
void outgoing_add(const struct outgoing *verb);
void outgoing_add_limits(const struct outgoing *verb);
void outgoing_add_files(const struct outgoing *verb);
void outgoing_add_flags(const struct outgoing *verb);

/* One call with the first SIZE bytes of the pattern that peer_drains() expects. */
ssize_t give(struct run *run, int fd, size_t size);

/* The same, with a peer that begins to read when the call waits. */
struct pair;
void give_when_drained(struct run *run, const struct pair *pair, size_t size);

/* How much a call gave away, when the exact number is the kernel's affair: none, a part
 * or all of SIZE. */
void give_roughly(struct run *run, int fd, size_t size, int flags);

enum { MORE_THAN_FITS = 1 << 20 };

#endif
