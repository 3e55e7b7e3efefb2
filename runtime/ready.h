/* ready.h - waiting until one of several descriptors is ready, or a signal comes that
 * only the call lets in. */
#ifndef COHOOK_READY_H
#define COHOOK_READY_H

#include "wait.h"

#include <poll.h>
#include <signal.h>

/* A descriptor that the fiber waits for. */
struct ready_watched {
	struct waiter waiter;
	struct fd_entry *entry;
	uint32_t generation;
	nfds_t index; /* in ready.fds; ready.n: one of the wait's own */
	bool closed;  /* while we waited; the number may be somebody else's by now */
};

/* A descriptor of the wait's own; it is there while the fiber is parked. */
struct ready_own {
	int fd; /* -1 without one */
	uint32_t generation;
};

/* A call that waits. The first part is the caller's, zero where it has no use for it. */
struct ready {
	const struct pollfd *fds; /* what to wait for, in poll(2)'s words */
	nfds_t n;
	uint64_t due;
	unsigned how;         /* enum wait_how */
	const sigset_t *mask; /* of signals, for the call; NULL: the thread's own */
	/* The real call, without waiting: its result, 0 for none yet, or -errno. Signals
	 * that MASK lets in are served by it, -EINTR; it is NULL where no handler may
	 * run. */
	int (*look)(struct ready *ready, const sigset_t *mask);
	/* What else is worth a look: LINK is called when the fiber is about to park, and
	 * either makes somebody co__wake() it or calls co__ready_watch(); UNLINK when it
	 * goes on. NULL: nothing. */
	void (*link)(struct ready *ready);
	void (*unlink)(struct ready *ready);

	/* From here on ready.c's. */
	struct ready_watched *watched;
	nfds_t linked;      /* how many of watched are in use */
	struct ready_own signals; /* a signalfd */
	struct ready_own summons; /* co__ready_watch()'s */
	bool joined;        /* LINK was called */
	bool closed;        /* one of fds was closed */
	bool unwatched;     /* one of them cannot be watched */
	unsigned fruitless; /* events in a row that meant nothing to the call */
};

/* Look, and park until there is something to be seen: the result, 0 when DUE has passed,
 * or -errno. */
int co__ready_wait(struct ready *ready);

/* For LINK, once: FD is the wait's own from here on, and its becoming readable is worth a
 * look. Without it, FD < 0, there is a look every few milliseconds. */
void co__ready_watch(struct ready *ready, int fd);

#endif
