/* lacking.h - declares what glibc has and the C library at hand may lack, so that each row of hooks.def has a
 * mirror everywhere. Included ahead of every file of the runtime where the library is not glibc. Where the
 * library has one of them, its declaration is the same and its definition is not used. */
#ifndef COHOOK_LACKING_H
#define COHOOK_LACKING_H

#define _GNU_SOURCE

#include <fcntl.h>
#include <pthread.h>
#include <resolv.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Rows of their own, not macros. */
#undef creat64
#undef fallocate64
#undef fopen64
#undef freopen64
#undef fseeko64
#undef fsetpos64
#undef ftruncate64
#undef lockf64
#undef open64
#undef openat64
#undef posix_fallocate64
#undef pread64
#undef preadv64
#undef pwrite64
#undef pwritev64
#undef sendfile64
#undef truncate64

#ifndef RWF_HIPRI
#define RWF_HIPRI 1
#define RWF_DSYNC 2
#define RWF_SYNC 4
#define RWF_NOWAIT 8
#define RWF_APPEND 16
#endif
#ifndef W_EXITCODE
#define W_EXITCODE(code, number) ((code) << 8 | (number))
#endif

int sem_clockwait(sem_t *sem, clockid_t clock, const struct timespec *until);
int pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock,
	const struct timespec *until);
int pthread_mutex_clocklock(
	pthread_mutex_t *mutex, clockid_t clock, const struct timespec *until);
int pthread_rwlock_clockrdlock(
	pthread_rwlock_t *lock, clockid_t clock, const struct timespec *until);
int pthread_rwlock_clockwrlock(
	pthread_rwlock_t *lock, clockid_t clock, const struct timespec *until);
int pthread_clockjoin_np(
	pthread_t thread, void **result, clockid_t clock, const struct timespec *until);
int pthread_sigqueue(pthread_t thread, int number, const union sigval value);
void (*sysv_signal(int number, void (*handler)(int)))(int);
const char *sigdescr_np(int number);
/* glibc's, which returns the text. */
#define strerror_r co__strerror_r
char *co__strerror_r(int error, char *room, size_t size);
int tgkill(pid_t process, pid_t thread, int number);
int epoll_pwait2(int fd, struct epoll_event *events, int max, const struct timespec *timeout,
	const sigset_t *mask);
int close_range(unsigned first, unsigned last, int flags);
void closefrom(int first);
ssize_t preadv2(int fd, const struct iovec *parts, int count, off_t position, int flags);
ssize_t pwritev2(int fd, const struct iovec *parts, int count, off_t position, int flags);
int res_nquery(res_state state, const char *name, int class, int type,
	unsigned char *answer, int room);
int res_nsearch(res_state state, const char *name, int class, int type,
	unsigned char *answer, int room);
int res_nquerydomain(res_state state, const char *name, const char *domain, int class,
	int type, unsigned char *answer, int room);
int res_nsend(res_state state, const unsigned char *message, int size,
	unsigned char *answer, int room);

#endif
