/* incoming.h - what every call that takes bytes in has in common: read, readv, recv,
 * recvfrom, recvmsg. */
#ifndef HARNESS_INCOMING_H
#define HARNESS_INCOMING_H

#include "harness/run.h"

struct incoming {
	/* The call under test, on one buffer and without flags; through enter() and
	 * result(). */
	ssize_t (*take)(struct run *run, int fd, void *buf, size_t size);
	/* The same with MSG_ flags, where the call has them. */
	ssize_t (*take_with)(struct run *run, int fd, void *buf, size_t size, int flags);
	bool sockets_only;
	bool empty_waits; /* a call for no bytes at all waits for some */
};

/* Add the shared scenarios for VERB to the suite. */
void incoming_add(const struct incoming *verb);
void incoming_add_limits(const struct incoming *verb);
void incoming_add_files(const struct incoming *verb);
void incoming_add_flags(const struct incoming *verb);

/* One call, its bytes noted. */
ssize_t take(struct run *run, int fd, size_t size);

/* The same, with a peer that writes TEXT when the call waits. */
struct pair;
void take_when_written(struct run *run, const struct pair *pair, const char *text);

#endif
