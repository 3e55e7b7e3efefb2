/* c11.c - the threads of C11: libc's own types are those of pthreads by other names, and
 * so are the calls. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "owner.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

static int c11_of(int error)
{
	switch (error) {
	case 0:
		return thrd_success;
	case ENOMEM:
		return thrd_nomem;
	case ETIMEDOUT:
		return thrd_timedout;
	case EBUSY:
		return thrd_busy;
	default:
		return thrd_error;
	}
}

static pthread_mutex_t *mutex_of(mtx_t *mutex)
{
	return (pthread_mutex_t *)mutex;
}

static pthread_cond_t *cond_of(cnd_t *cond)
{
	return (pthread_cond_t *)cond;
}

struct begin {
	thrd_start_t start;
	void *arg;
};

static void *run(void *arg)
{
	struct begin begin = *(struct begin *)arg;

	free(arg);
	return (void *)(intptr_t)begin.start(begin.arg);
}

int co_thrd_create(thrd_t *thread, thrd_start_t start, void *arg)
{
	struct begin *begin = malloc(sizeof(*begin));
	int r;

	if (!begin)
		return thrd_nomem;
	*begin = (struct begin){start, arg};
	r = co_pthread_create((pthread_t *)thread, NULL, run, begin);
	if (r != 0)
		free(begin);
	return c11_of(r);
}

int co_thrd_join(thrd_t thread, int *result)
{
	void *value;
	int r = co_pthread_join((pthread_t)thread, &value);

	if (r == 0 && result)
		*result = (int)(intptr_t)value;
	return c11_of(r);
}

int co_thrd_detach(thrd_t thread)
{
	return c11_of(co_pthread_detach((pthread_t)thread));
}

void co_thrd_exit(int result)
{
	co_pthread_exit((void *)(intptr_t)result);
}

thrd_t co_thrd_current(void)
{
	return (thrd_t)co_pthread_self();
}

int co_thrd_equal(thrd_t a, thrd_t b)
{
	return a == b;
}

void co_thrd_yield(void)
{
	co_sched_yield();
}

int co_mtx_init(mtx_t *mutex, int type)
{
	int r = mtx_init(mutex, type);

	if (r == thrd_success)
		co__owner_clear(mutex);
	return r;
}

void co_mtx_destroy(mtx_t *mutex)
{
	co_pthread_mutex_destroy(mutex_of(mutex));
}

int co_mtx_lock(mtx_t *mutex)
{
	return c11_of(co_pthread_mutex_lock(mutex_of(mutex)));
}

int co_mtx_trylock(mtx_t *mutex)
{
	return c11_of(co_pthread_mutex_trylock(mutex_of(mutex)));
}

int co_mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict until)
{
	return c11_of(co_pthread_mutex_timedlock(mutex_of(mutex), until));
}

int co_mtx_unlock(mtx_t *mutex)
{
	return c11_of(co_pthread_mutex_unlock(mutex_of(mutex)));
}

int co_cnd_wait(cnd_t *cond, mtx_t *mutex)
{
	return c11_of(co_pthread_cond_wait(cond_of(cond), mutex_of(mutex)));
}

int co_cnd_timedwait(cnd_t *restrict cond, mtx_t *restrict mutex,
	const struct timespec *restrict until)
{
	return c11_of(co_pthread_cond_timedwait(cond_of(cond), mutex_of(mutex), until));
}

int co_cnd_signal(cnd_t *cond)
{
	return c11_of(co_pthread_cond_signal(cond_of(cond)));
}

int co_cnd_broadcast(cnd_t *cond)
{
	return c11_of(co_pthread_cond_broadcast(cond_of(cond)));
}

int co_tss_create(tss_t *key, tss_dtor_t destructor)
{
	return c11_of(co_pthread_key_create(key, destructor));
}

void co_tss_delete(tss_t key)
{
	co_pthread_key_delete(key);
}

void *co_tss_get(tss_t key)
{
	return co_pthread_getspecific(key);
}

int co_tss_set(tss_t key, void *value)
{
	return c11_of(co_pthread_setspecific(key, value));
}

void co_call_once(once_flag *flag, void (*initialise)(void))
{
	co_pthread_once((pthread_once_t *)flag, initialise);
}
