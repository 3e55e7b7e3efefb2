/* taking.h - what every call that takes from a semaphore has in common: sem_wait,
 * sem_timedwait, sem_clockwait. */
#ifndef HARNESS_TAKING_H
#define HARNESS_TAKING_H

#include "harness/mate.h"

struct taking {
	/* The call under test; where it has a deadline, a far one. */
	int (*take)(const struct calls *calls, sem_t *sem);
};

/* Add the shared scenarios for VERB to the suite. */
void taking_add(const struct taking *verb);

/* Make SEM with COUNT; note its count. */
void sem_make(struct run *run, sem_t *sem, unsigned count);
void note_count(struct run *run, sem_t *sem);

/* An act of a mate, ARG the semaphore: post it once the subject waits. */
void post_when_waited_for(struct mate *mate);

#endif
