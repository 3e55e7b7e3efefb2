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

#else /* musl */

static inline enum mutex_type mutex_type(const pthread_mutex_t *mutex)
{
	int type = ((const int *)mutex)[0] & 3;

	return type == PTHREAD_MUTEX_RECURSIVE ? MUTEX_RECURSIVE
		: type == PTHREAD_MUTEX_ERRORCHECK ? MUTEX_ERRORCHECK
						   : MUTEX_NORMAL;
}

static inline bool mutex_is_special(const pthread_mutex_t *mutex)
{
	return ((const int *)mutex)[0] & (4 | 128);
}

static inline int mutex_owner(const pthread_mutex_t *mutex)
{
	return mutex_type(mutex) == MUTEX_NORMAL ? 0 : ((const int *)mutex)[1] & 0x3fffffff;
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

#endif

#endif
