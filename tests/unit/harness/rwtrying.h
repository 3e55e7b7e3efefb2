/* rwtrying.h - what every call that takes a read-write lock without waiting has in
 * common. */
#ifndef HARNESS_RWTRYING_H
#define HARNESS_RWTRYING_H

#include "harness/run.h"

struct rwtrying {
	/* The call under test. */
	int (*lock)(const struct calls *calls, pthread_rwlock_t *lock);
};

/* Add the shared scenarios for VERB to the suite. */
void rwtrying_add(const struct rwtrying *verb);

#endif
