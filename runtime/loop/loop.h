/* loop.h - what a worker does when no fiber is ready: wait for events, libuv's included,
 * and expire timers.
 *
 * The worker's epoll set is the outer one and libuv's backend descriptor is watched in
 * it, which is the way libuv documents for embedding; libuv's loop runs without waiting
 * when it has something to do. */
#ifndef COHOOK_LOOP_H
#define COHOOK_LOOP_H

#include "../fiber.h"
#include "timer.h"
#include "watch.h"

struct uv_loop_s;

/* How far away an event of the batch is; each is announced in this order. */
enum expected { EXPECTED_LATER, EXPECTED_SOON, EXPECTED_NEXT };

/* What the loop tells the layers above it. Set once, before the first worker. */
struct loop_hooks {
	/* An event of a watched descriptor. */
	void (*deliver)(struct worker *worker, uint64_t tag, uint32_t conditions);
	/* Such an event will be delivered soon: bring what it needs into the cache. */
	void (*expect)(uint64_t tag, enum expected when);
	/* A fiber's timer is due. */
	void (*expire)(struct co_fiber *fiber, uint64_t now);
	/* Every LOOP_RECHECK_NS while fibers wait for descriptors; true if any still
	 * does. */
	bool (*recheck)(struct worker *worker);
	/* A signal handler ran on the worker's thread. */
	void (*interrupt)(struct worker *worker);
};
extern struct loop_hooks co__loop_hooks;

struct loop {
	struct timers timers;
	uint64_t recheck_due; /* DUE_NEVER while nothing asks for it */
	int recheck_at;       /* descriptor that the next round of it begins with */
	struct watch watch;
	struct uv_state *uv;
	atomic_bool asleep; /* whoever clears it wakes the loop; valid with nothing ready */
};

int co__loop_new(struct worker *worker);   /* -ENOMEM, -EMFILE; sets worker->loop and worker->notify */
void co__loop_free(struct worker *worker); /* worker->live must be 0 */

/* The child's side of fork(2): give up what is shared with the parent, then make it
 * anew. */
int co__loop_renew(struct worker *worker);

/* Never returns; a sched_init() loop_main. */
void co__loop_main(struct worker *worker);

/* A wait is rechecked in the second round that it sees: after half a second to a whole
 * one. */
#define LOOP_RECHECK_NS (NS_PER_S / 2)

/* See that the recheck hook is called. */
static inline void co__loop_want_recheck(struct loop *loop, uint64_t now)
{
	if (loop->recheck_due == DUE_NEVER)
		loop->recheck_due = now + LOOP_RECHECK_NS;
}

struct uv_loop_s *co__loop_uv(struct worker *worker);

/* The descriptors that the loop cannot do without, some perhaps -1. */
enum { LOOP_DESCRIPTORS = 7 };
void co__loop_descriptors(const struct worker *worker, int fds[LOOP_DESCRIPTORS]);

#endif
