/* fault.c - stands between this program, with the runtime in it, and libc (ld --wrap).
 *
 * One fault is armed at a time. Other threads than the run's, which play the other side,
 * are not concerned. */
#include "fault.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <poll.h>
#include <unistd.h>

static struct fault armed;
static atomic_int left, struck, home;

void fault_arm(struct run *run, const struct fault *fault)
{
	armed = *fault;
	atomic_store(&home, run->home);
	atomic_store(&struck, 0);
	atomic_store(&left, fault->times);
}

int fault_disarm(void)
{
	atomic_store(&left, 0);
	return atomic_load(&struck);
}

static bool moves(const char *name)
{
	return strstr("read readv preadv2 write writev pwritev2 recv recvfrom recvmsg recvmmsg "
		      "send sendto sendmsg sendmmsg sendfile accept4",
		       name) != NULL;
}

static bool is_meant(const char *name, int fd)
{
	if (armed.fd != NOT_ONE && armed.fd != fd)
		return false;
	return strcmp(armed.name, "moving") ? !strcmp(armed.name, name) : moves(name);
}

static bool strikes(const char *name, int fd)
{
	if (atomic_load_explicit(&left, memory_order_relaxed) <= 0 || !is_meant(name, fd) ||
		gettid() != atomic_load(&home))
		return false;
	atomic_fetch_sub(&left, 1);
	atomic_fetch_add(&struck, 1);
	errno = armed.error;
	return true;
}

#define WRAPPED(type, name, parameters, arguments, first) \
	__typeof__(name) __real_##name, __wrap_##name;     \
	type __wrap_##name parameters                      \
	{                                                  \
		if (strikes(#name, first))                 \
			return -1;                         \
		return __real_##name arguments;            \
	}
#include "wrapped.def"

/* Those whose failure looks otherwise. */

__typeof__(malloc) __real_malloc, __wrap_malloc;
void *__wrap_malloc(size_t size)
{
	return strikes("malloc", NOT_ONE) ? NULL : __real_malloc(size);
}

__typeof__(calloc) __real_calloc, __wrap_calloc;
void *__wrap_calloc(size_t n, size_t size)
{
	return strikes("malloc", NOT_ONE) ? NULL : __real_calloc(n, size);
}

__typeof__(pthread_create) __real_pthread_create, __wrap_pthread_create;
int __wrap_pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attr,
	void *(*start)(void *), void *restrict arg)
{
	if (strikes("pthread_create", NOT_ONE))
		return armed.error;
	return __real_pthread_create(thread, attr, start, arg);
}

__typeof__(syscall) __real_syscall, __wrap_syscall;
long __wrap_syscall(long number, ...)
{
	long a[6];
	va_list list;

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(list, long);
	va_end(list);
	if (number == SYS_pidfd_open && strikes("pidfd_open", NOT_ONE))
		return -1;
	return __real_syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
