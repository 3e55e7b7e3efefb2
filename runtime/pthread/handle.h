/* handle.h - the pthread_t of a fiber: its address with the lowest bit set, which none of
 * libc's has. */
#ifndef COHOOK_HANDLE_H
#define COHOOK_HANDLE_H

#include "../fiber.h"
#include "../worker.h"

#include <pthread.h>
#include <stdint.h>

static inline pthread_t handle_of(const struct co_fiber *fiber)
{
	return (pthread_t)((uintptr_t)fiber | 1);
}

/* NULL for real threads. */
static inline struct co_fiber *fiber_of(pthread_t thread)
{
	uintptr_t value = (uintptr_t)thread;

	return value & 1 ? (struct co_fiber *)(value - 1) : NULL;
}

/* The same, with the root fiber of a real thread that is a worker. */
static inline struct co_fiber *fiber_or_root_of(pthread_t thread)
{
	struct co_fiber *fiber = fiber_of(thread);
	struct worker *w = fiber ? NULL : co__worker_of(thread);

	return w ? &w->root : fiber;
}

#endif
