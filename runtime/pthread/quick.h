/* quick.h - a private mutex of the plain type that nobody else wants, by one atomic change
 * of libc's own word.
 *
 * What is written is what libc's lock and unlock write, so that libc, and code that calls
 * it, sees no difference; quick.c has libc show that first. */
#ifndef COHOOK_QUICK_H
#define COHOOK_QUICK_H

#include <pthread.h>
#include <stdbool.h>

enum quick {
	QUICK_DONE,
	QUICK_BUSY,  /* somebody has it */
	QUICK_OTHER, /* no mutex for this: libc is to do it */
};

#ifdef __GLIBC__

/* The kind of the mutexes that this is for, or one that no mutex has. */
extern int co__quick_kind;

/* Somebody blocks for M, which was unlocked. By the address alone: the memory may be
 * gone. */
void co__quick_wake(pthread_mutex_t *m);

/* There is no elision for it, which attributes ask for and plain initializers do not. */
enum { QUICK_WHATEVER = 512 };

static inline bool is_quick(const pthread_mutex_t *m)
{
	return (m->__data.__kind & ~QUICK_WHATEVER) == co__quick_kind;
}

/* TID is the kernel's id of the calling thread. */
static inline enum quick quick_lock(pthread_mutex_t *m, int tid)
{
	int was = 0;

	if (!is_quick(m))
		return QUICK_OTHER;
	if (!__atomic_compare_exchange_n(
		    &m->__data.__lock, &was, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return QUICK_BUSY;
	m->__data.__owner = tid;
	m->__data.__nusers++;
	return QUICK_DONE;
}

static inline enum quick quick_unlock(pthread_mutex_t *m)
{
	if (!is_quick(m))
		return QUICK_OTHER;
	m->__data.__owner = 0;
	m->__data.__nusers--;
	if (__atomic_exchange_n(&m->__data.__lock, 0, __ATOMIC_RELEASE) > 1)
		co__quick_wake(m);
	return QUICK_DONE;
}

#else /* musl: always by its own functions */

static inline enum quick quick_lock(pthread_mutex_t *m, int tid)
{
	(void)m;
	(void)tid;
	return QUICK_OTHER;
}

static inline enum quick quick_unlock(pthread_mutex_t *m)
{
	(void)m;
	return QUICK_OTHER;
}

#endif

#endif
