/* owner.h - which fiber holds a recursive or error-checking mutex.
 *
 * libc knows the thread alone, and the fibers of a worker are one thread to it. */
#ifndef COHOOK_OWNER_H
#define COHOOK_OWNER_H

#include <pthread.h>

struct co_fiber;

/* The fiber that holds MUTEX, NULL if none of ours does. */
struct co_fiber *co__owner_get(const pthread_mutex_t *mutex);

/* FIBER, which holds the real mutex, has locked it once more. 0, ENOMEM. */
int co__owner_push(const pthread_mutex_t *mutex, struct co_fiber *fiber);
/* FIBER is about to unlock it once. */
void co__owner_pop(const pthread_mutex_t *mutex);

/* MUTEX is initialised anew, or destroyed. */
void co__owner_clear(const pthread_mutex_t *mutex);

#endif
