/* rwlocking.h - what every call that takes a read-write lock, and may wait for it, has in
 * common. */
#ifndef HARNESS_RWLOCKING_H
#define HARNESS_RWLOCKING_H

#include "harness/mate.h"

struct rwlocking {
	/* The call under test; where it has a deadline, a far one. */
	int (*lock)(const struct calls *calls, pthread_rwlock_t *lock);
	/* NULL where it has none. CLOCK is ignored by calls that take none. */
	int (*lock_until)(const struct calls *calls, pthread_rwlock_t *lock,
		clockid_t clock, const struct timespec *until);
	bool writes;
};

/* Add the shared scenarios for VERB to the suite. */
void rwlocking_add(const struct rwlocking *verb);
void rwlocking_add_timed(const struct rwlocking *verb);

/* A lock of KIND, PTHREAD_RWLOCK_..._NP. */
void rwlock_make(struct run *run, pthread_rwlock_t *lock, int kind);
/* Unlock; unlock for the last time and destroy. */
void rwlock_unlock(struct run *run, pthread_rwlock_t *lock);
void rwlock_end(struct run *run, pthread_rwlock_t *lock);

/* A mate that has a lock until he is told to let it go. */
struct rwholder {
	pthread_rwlock_t *lock;
	bool writes;
	bool until_waited_for; /* by the subject, in its latest call; else until LET_GO */
	atomic_bool taken, let_go;
	struct mate mate;
};

/* Start it and see that it has the lock; SORT is the mate's. */
void rwholder_start(
	struct run *run, struct rwholder *holder, pthread_rwlock_t *lock, int sort);
void rwholder_end(struct rwholder *holder);

#endif
