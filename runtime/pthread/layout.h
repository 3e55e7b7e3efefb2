/* layout.h - the few facts about pthread objects that no function tells, read from libc's
 * structures.
 *
 * Only reads. One place for each C library. */
#ifndef COHOOK_LAYOUT_H
#define COHOOK_LAYOUT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>
#include <unistd.h>

enum mutex_type {
	MUTEX_NORMAL,
	MUTEX_RECURSIVE,
	MUTEX_ERRORCHECK,
};

#ifdef __GLIBC__

static inline enum mutex_type mutex_type(const pthread_mutex_t *mutex)
{
	switch (mutex->__data.__kind & 3) {
	case PTHREAD_MUTEX_RECURSIVE_NP:
		return MUTEX_RECURSIVE;
	case PTHREAD_MUTEX_ERRORCHECK_NP:
		return MUTEX_ERRORCHECK;
	default:
		return MUTEX_NORMAL;
	}
}

/* Whether another process, or a robust list, has to do with it. */
static inline bool mutex_is_special(const pthread_mutex_t *mutex)
{
	return mutex->__data.__kind & (16 | 128);
}

/* The kernel's id of the thread that holds it, 0 for none or unknown; a glance without a
 * lock. */
static inline int mutex_owner(const pthread_mutex_t *mutex)
{
	return *(const volatile int *)&mutex->__data.__owner;
}

/* Whether MUTEX, of one of the types that keep an owner, is certainly not locked. */
static inline bool mutex_is_free(const pthread_mutex_t *mutex)
{
	return *(const volatile int *)&mutex->__data.__owner == 0;
}

static inline clockid_t cond_clock(const pthread_cond_t *cond)
{
	return cond->__data.__wrefs & 2 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

/* Whether other processes may signal it. */
static inline bool cond_is_shared(const pthread_cond_t *cond)
{
	return cond->__data.__wrefs & 1;
}

static inline bool once_is_done(const pthread_once_t *once)
{
	return __atomic_load_n(once, __ATOMIC_ACQUIRE) & 2;
}

/* Whether the lock's writers come before readers, and hold them off while they wait. */
static inline bool rwlock_prefers_writers(const pthread_rwlock_t *lock)
{
	return lock->__data.__flags != PTHREAD_RWLOCK_PREFER_READER_NP;
}

static inline bool rwlock_holds_off_readers(const pthread_rwlock_t *lock)
{
	return lock->__data.__flags == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
}

/* Whether somebody has it for writing. */
static inline bool rwlock_is_written(const pthread_rwlock_t *lock)
{
	return *(const volatile int *)&lock->__data.__cur_writer != 0;
}

/* Whether the calling thread, whose id is TID, has. */
static inline bool rwlock_is_written_by(const pthread_rwlock_t *lock, int tid)
{
	return *(const volatile int *)&lock->__data.__cur_writer == tid;
}

/* Glances: whether a try to lock it might succeed. The low bits are 1: writers have their
 * turn, 2: one has it or comes next, 4: readers wait; the others count readers. */
static inline bool rwlock_may_be_read(const pthread_rwlock_t *lock)
{
	unsigned r = *(const volatile unsigned *)&lock->__data.__readers;

	return !(r & 2) || (!(r & 1) && !rwlock_holds_off_readers(lock));
}

static inline bool rwlock_may_be_written(const pthread_rwlock_t *lock)
{
	unsigned r = *(const volatile unsigned *)&lock->__data.__readers;

	return !(r & 2) && (r >> 3 == 0 || (r & 1 && rwlock_prefers_writers(lock)));
}

/* Its words: who is in, the round, the count, shared, who is out. */
static inline unsigned barrier_count(const pthread_barrier_t *barrier)
{
	return ((const unsigned *)barrier)[2];
}

static inline bool barrier_is_shared(const pthread_barrier_t *barrier)
{
	return ((const int *)barrier)[3] != 0;
}

#else /* musl */

static inline enum mutex_type mutex_type(const pthread_mutex_t *mutex)
{
	int type = ((const int *)mutex)[0] & 3;

	return type == PTHREAD_MUTEX_RECURSIVE    ? MUTEX_RECURSIVE
	       : type == PTHREAD_MUTEX_ERRORCHECK ? MUTEX_ERRORCHECK
						  : MUTEX_NORMAL;
}

static inline bool mutex_is_special(const pthread_mutex_t *mutex)
{
	return ((const int *)mutex)[0] & (4 | 128);
}

static inline int mutex_owner(const pthread_mutex_t *mutex)
{
	return mutex_type(mutex) == MUTEX_NORMAL ? 0
						 : ((const int *)mutex)[1] & 0x3fffffff;
}

static inline bool mutex_is_free(const pthread_mutex_t *mutex)
{
	return ((const volatile int *)mutex)[1] == 0;
}

static inline clockid_t cond_clock(const pthread_cond_t *cond)
{
	return ((const int *)cond)[4];
}

static inline bool cond_is_shared(const pthread_cond_t *cond)
{
	return *(void *const *)cond != NULL;
}

static inline bool once_is_done(const pthread_once_t *once)
{
	return __atomic_load_n((const int *)once, __ATOMIC_ACQUIRE) == 2;
}

static inline bool rwlock_prefers_writers(const pthread_rwlock_t *lock)
{
	(void)lock;
	return false;
}

static inline bool rwlock_holds_off_readers(const pthread_rwlock_t *lock)
{
	(void)lock;
	return false;
}

/* The highest bit says that somebody waits, the others count readers; all ones for a
 * writer, who is not named. */
static inline int rwlock_readers(const pthread_rwlock_t *lock)
{
	return *(const volatile int *)lock & 0x7fffffff;
}

static inline bool rwlock_is_written(const pthread_rwlock_t *lock)
{
	return rwlock_readers(lock) == 0x7fffffff;
}

/* Nor does the library look for deadlocks. */
static inline bool rwlock_is_written_by(const pthread_rwlock_t *lock, int tid)
{
	(void)lock;
	(void)tid;
	return false;
}

static inline bool rwlock_may_be_read(const pthread_rwlock_t *lock)
{
	return rwlock_readers(lock) != 0x7fffffff;
}

static inline bool rwlock_may_be_written(const pthread_rwlock_t *lock)
{
	return rwlock_readers(lock) == 0;
}

/* The third word is one less than the count, with the highest bit for shared. */
static inline unsigned barrier_count(const pthread_barrier_t *barrier)
{
	return (((const unsigned *)barrier)[2] & 0x7fffffff) + 1;
}

static inline bool barrier_is_shared(const pthread_barrier_t *barrier)
{
	return ((const int *)barrier)[2] < 0;
}

#endif

#endif
