/* quick.c - whether libc's mutexes are what quick.h takes them for.
 *
 * Invariant: the kind is none that a mutex has until libc was seen to write what quick.h
 * writes; until then, and under tools that want to see the calls, every mutex is left to
 * libc's functions. Both ways may be mixed at any time. Used by mutex.c. */
#define _GNU_SOURCE
#include "quick.h"

#ifdef __GLIBC__

#include "../sanitize.h"
#include "plainwait.h"

#include <errno.h>
#include <stddef.h>

enum { NO_MUTEX = -1 };

int co__quick_kind = NO_MUTEX;

__attribute__((cold, noinline)) void co__quick_wake(pthread_mutex_t *m)
{
	int error = errno;

	plain_wake((atomic_uint *)&m->__data.__lock, 1);
	errno = error;
}

static bool looks(const pthread_mutex_t *m, int lock, int owner)
{
	return m->__data.__lock == lock && m->__data.__owner == owner &&
	       m->__data.__nusers == (unsigned)lock && m->__data.__count == 0 &&
	       m->__data.__kind == PTHREAD_MUTEX_TIMED_NP;
}

static bool libc_agrees(void)
{
	pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
	bool agrees = looks(&m, 0, 0);

	if (pthread_mutex_lock(&m) != 0)
		return false;
	agrees = agrees && looks(&m, 1, gettid());
	return pthread_mutex_unlock(&m) == 0 && agrees && looks(&m, 0, 0);
}

/* ThreadSanitizer and Valgrind's tools follow locks by the calls. */
__attribute__((constructor(101))) static void ask_libc(void)
{
	if (!__tsan_create_fiber && !RUNNING_ON_VALGRIND && libc_agrees())
		co__quick_kind = PTHREAD_MUTEX_TIMED_NP;
}

#endif
