/* watch.c - epoll behind a narrow interface: watch, forget, drain.
 *
 * Descriptors stay registered until they are closed (the kernel forgets them then) or
 * forgotten. Called by loop.c and, for registrations, by wait.c. */
#define _GNU_SOURCE
#include "watch.h"

#include "../clock.h"
#include "../sanitize.h"

#include <errno.h>
#include <limits.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

int co__watch_init(struct watch *w)
{
	int r;

	w->no_nanoseconds = RUNNING_ON_VALGRIND; /* which complains about a system call it misses */
	w->epfd = epoll_create1(EPOLL_CLOEXEC);
	if (w->epfd < 0)
		return -errno;
	w->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r = w->wake_fd < 0 ? -errno : co__watch_add(w, w->wake_fd, WATCH_TAG_WAKE, EPOLLIN);
	if (r < 0)
		co__watch_fini(w);
	return r;
}

void co__watch_fini(struct watch *w)
{
	if (w->wake_fd >= 0)
		close(w->wake_fd);
	close(w->epfd);
}

void co__watch_wake(struct watch *w)
{
	const int error = errno;
	const uint64_t one = 1;

	while (write(w->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	errno = error;
}

int co__watch_add(struct watch *w, int fd, uint64_t tag, uint32_t conditions)
{
	struct epoll_event event = {.events = conditions | EPOLLET, .data.u64 = tag};

	if (epoll_ctl(w->epfd, EPOLL_CTL_ADD, fd, &event) == 0)
		return 0;
	if (errno == EEXIST && epoll_ctl(w->epfd, EPOLL_CTL_MOD, fd, &event) == 0)
		return 0;
	return -errno;
}

void co__watch_renew(struct watch *w, int fd, uint64_t tag, uint32_t conditions)
{
	struct epoll_event event = {.events = conditions | EPOLLET, .data.u64 = tag};

	epoll_ctl(w->epfd, EPOLL_CTL_ADD, fd, &event); /* EEXIST: it is alive */
}

int co__watch_add_loop(struct watch *w, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = WATCH_TAG_LOOP};

	return epoll_ctl(w->epfd, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -errno;
}

void co__watch_forget(struct watch *w, int fd)
{
	struct epoll_event event = {0};

	epoll_ctl(w->epfd, EPOLL_CTL_DEL, fd, &event); /* it may be gone already */
}

#ifdef SYS_epoll_pwait2
static int drain_ns(struct watch *w, uint64_t timeout)
{
	struct timespec ts = timespec_of_ns(timeout);

	return (int)syscall(SYS_epoll_pwait2, w->epfd, w->events, WATCH_BATCH,
		timeout == DUE_NEVER ? NULL : &ts, NULL, 0);
}
#else
static int drain_ns(struct watch *w, uint64_t timeout)
{
	(void)w;
	(void)timeout;
	errno = ENOSYS;
	return -1;
}
#endif

/* Rounded up to whole milliseconds: late, but never early. */
static int drain_ms(struct watch *w, uint64_t timeout)
{
	uint64_t ms = timeout / NS_PER_MS + (timeout % NS_PER_MS != 0);

	return epoll_wait(w->epfd, w->events, WATCH_BATCH,
		timeout == DUE_NEVER ? -1 : ms > INT_MAX ? INT_MAX : (int)ms);
}

int co__watch_drain(struct watch *w, uint64_t timeout)
{
	int n;

	if (timeout == 0)
		n = epoll_wait(w->epfd, w->events, WATCH_BATCH, 0);
	else if (w->no_nanoseconds)
		n = drain_ms(w, timeout);
	else
		n = drain_ns(w, timeout);
	if (n >= 0)
		return n;
	if (errno != ENOSYS)
		return -errno;
	w->no_nanoseconds = true;
	n = drain_ms(w, timeout);
	return n < 0 ? -errno : n;
}
