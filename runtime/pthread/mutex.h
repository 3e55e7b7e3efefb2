/* mutex.h - what condition variables need of mutexes. */
#ifndef COHOOK_MUTEX_H
#define COHOOK_MUTEX_H

#include "owner.h"
#include "timed.h"

#include <pthread.h>

/* Lock M for the fiber SELF, the running one, until MOMENT: 0 or the bare error. */
int co__mutex_lock(pthread_mutex_t *m, struct co_fiber *self, const struct moment *moment);

#endif
