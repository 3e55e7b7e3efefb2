/* lacking.c - defines what glibc has and the C library at hand may lack, see lacking.h.
 *
 * They are system calls or, where a clock can be chosen, the form without the choice: a time of another
 * clock becomes one of CLOCK_REALTIME, and who sets that clock meanwhile moves the end. Where the resolver
 * keeps no state, the form with a state is the one without. */
#include <errno.h>
#include <limits.h>
#include <resolv.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define LACKING __attribute__((weak, visibility("hidden")))

enum { NS_PER_S = 1000000000 };

/* UNTIL of CLOCK, as a time of CLOCK_REALTIME. */
static struct timespec realtime_of(clockid_t clock, const struct timespec *until)
{
	struct timespec there, here, t = *until;

	if (clock == CLOCK_REALTIME || t.tv_nsec < 0 || t.tv_nsec >= NS_PER_S)
		return t;
	clock_gettime(clock, &there);
	clock_gettime(CLOCK_REALTIME, &here);
	t.tv_sec += here.tv_sec - there.tv_sec;
	t.tv_nsec += here.tv_nsec - there.tv_nsec;
	if (t.tv_nsec < 0) {
		t.tv_nsec += NS_PER_S;
		t.tv_sec--;
	} else if (t.tv_nsec >= NS_PER_S) {
		t.tv_nsec -= NS_PER_S;
		t.tv_sec++;
	}
	return t;
}

/* Whether waits go by CLOCK; then *AT is UNTIL as a time of CLOCK_REALTIME. */
static int understand(clockid_t clock, const struct timespec *until, struct timespec *at)
{
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return 0;
	*at = realtime_of(clock, until);
	return 1;
}

LACKING int sem_clockwait(sem_t *sem, clockid_t clock, const struct timespec *until)
{
	struct timespec at;

	if (understand(clock, until, &at))
		return sem_timedwait(sem, &at);
	errno = EINVAL;
	return -1;
}

LACKING int pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
	clockid_t clock, const struct timespec *until)
{
	struct timespec at;

	return understand(clock, until, &at) ? pthread_cond_timedwait(cond, mutex, &at)
					     : EINVAL;
}

LACKING int pthread_mutex_clocklock(
	pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until)
{
	struct timespec at;

	return understand(clock, until, &at) ? pthread_mutex_timedlock(mutex, &at) : EINVAL;
}

LACKING int pthread_rwlock_clockrdlock(
	pthread_rwlock_t *lock, clockid_t clock, const struct timespec *until)
{
	struct timespec at;

	return understand(clock, until, &at) ? pthread_rwlock_timedrdlock(lock, &at) : EINVAL;
}

LACKING int pthread_rwlock_clockwrlock(
	pthread_rwlock_t *lock, clockid_t clock, const struct timespec *until)
{
	struct timespec at;

	return understand(clock, until, &at) ? pthread_rwlock_timedwrlock(lock, &at) : EINVAL;
}

LACKING int pthread_clockjoin_np(
	pthread_t thread, void **result, clockid_t clock, const struct timespec *until)
{
	struct timespec at;

	if (!until)
		return pthread_timedjoin_np(thread, result, NULL);
	return understand(clock, until, &at) ? pthread_timedjoin_np(thread, result, &at)
					     : EINVAL;
}

/* Only the calling thread's number can be found out. */
LACKING int pthread_sigqueue(pthread_t thread, int number, const union sigval value)
{
	siginfo_t info;

	if (!pthread_equal(thread, pthread_self()))
		return ENOSYS;
	memset(&info, 0, sizeof(info));
	info.si_signo = number;
	info.si_code = SI_QUEUE;
	info.si_pid = getpid();
	info.si_uid = getuid();
	info.si_value = value;
	return syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), number, &info)
		       ? errno
		       : 0;
}

LACKING void (*sysv_signal(int number, void (*handler)(int)))(int)
{
	struct sigaction action, before;

	memset(&action, 0, sizeof(action));
	action.sa_handler = handler;
	action.sa_flags = SA_RESETHAND | SA_NODEFER;
	return sigaction(number, &action, &before) ? SIG_ERR : before.sa_handler;
}

LACKING const char *sigdescr_np(int number)
{
	return strsignal(number);
}

#undef strerror_r

char *co__strerror_r(int error, char *room, size_t size)
{
	strerror_r(error, room, size);
	return room;
}

LACKING int tgkill(pid_t process, pid_t thread, int number)
{
	return (int)syscall(SYS_tgkill, process, thread, number);
}

LACKING int epoll_pwait2(int fd, struct epoll_event *events, int max,
	const struct timespec *timeout, const sigset_t *mask)
{
	return (int)syscall(SYS_epoll_pwait2, fd, events, max, timeout, mask, _NSIG / 8);
}

LACKING int close_range(unsigned first, unsigned last, int flags)
{
	return (int)syscall(SYS_close_range, first, last, flags);
}

LACKING void closefrom(int first)
{
	close_range(first < 0 ? 0 : (unsigned)first, UINT_MAX, 0);
}

/* The kernel takes a position as two longs, the lower first; of them the second counts only where a long
 * has 32 bits. */
static long upper_half(off_t position)
{
	return sizeof(long) < sizeof(off_t) ? (long)(position >> 32) : 0;
}

LACKING ssize_t preadv2(
	int fd, const struct iovec *parts, int count, off_t position, int flags)
{
	return syscall(SYS_preadv2, fd, parts, (long)count, (long)position,
		upper_half(position), flags);
}

LACKING ssize_t pwritev2(
	int fd, const struct iovec *parts, int count, off_t position, int flags)
{
	return syscall(SYS_pwritev2, fd, parts, (long)count, (long)position,
		upper_half(position), flags);
}

LACKING int res_nquery(res_state state, const char *name, int class, int type,
	unsigned char *answer, int room)
{
	(void)state;
	return res_query(name, class, type, answer, room);
}

LACKING int res_nsearch(res_state state, const char *name, int class, int type,
	unsigned char *answer, int room)
{
	(void)state;
	return res_search(name, class, type, answer, room);
}

LACKING int res_nquerydomain(res_state state, const char *name, const char *domain,
	int class, int type, unsigned char *answer, int room)
{
	(void)state;
	return res_querydomain(name, domain, class, type, answer, room);
}

LACKING int res_nsend(res_state state, const unsigned char *message, int size,
	unsigned char *answer, int room)
{
	(void)state;
	return res_send(message, size, answer, room);
}
