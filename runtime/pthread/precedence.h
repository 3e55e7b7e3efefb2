/* precedence.h - writers that wait in the lot and come before new readers.
 *
 * A real lock of kind PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP holds readers off
 * while a writer waits, but does not see those that wait with us. */
#ifndef COHOOK_PRECEDENCE_H
#define COHOOK_PRECEDENCE_H

#include "../list.h"
#include "timed.h"

#include <stdbool.h>

struct precedence {
	struct list link; /* in its bucket, under the bucket's lock */
	const void *object;
};

/* From now on, and until it is dropped, readers of OBJECT are held off. */
void co__precedence_claim(struct precedence *mine, const void *object);
/* Wakes the threads that co__precedence_wait(), not the fibers. */
void co__precedence_drop(struct precedence *mine);

bool co__precedence_is_claimed(const void *object);

/* For threads without a worker: block until it is not. 0 or ETIMEDOUT. */
int co__precedence_wait(const void *object, const struct moment *moment);

#endif
