/* join.h - the end of a fiber, and those who wait for it. Shared by the API and
 * pthread/. */
#ifndef COHOOK_JOIN_H
#define COHOOK_JOIN_H

#include "fiber.h"
#include "sched.h"

/* Make a fiber on WORKER, which may be another thread's; co__start() is next.
 * -ENOMEM. */
int co__spawn(struct worker *worker, const struct spawn *spawn, struct co_fiber **fiber);

/* From here on it may run, end and be freed. */
void co__start(struct co_fiber *fiber);

/* Hooks of the scheduler. */
void co__join_born(struct co_fiber *fiber);
void co__join_ended(struct co_fiber *fiber);

/* Wait for FIBER's end, take its result and free it. May be called by any fiber and any
 * thread. HOW is enum wait_how. 0, -EINVAL (detached, or being joined), -EDEADLK, or as
 * co__wait_park(): then it can still be joined. */
int co__join(struct co_fiber *fiber, void **result, uint64_t due, unsigned how);

/* 0, -EINVAL. */
int co__detach(struct co_fiber *fiber);

#endif
