/* watch.h - the edge-triggered epoll set of a worker, and nothing else that knows
 * epoll. */
#ifndef COHOOK_WATCH_H
#define COHOOK_WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/epoll.h>

/* Conditions, as poll(2) numbers them; epoll's are the same bits. */
enum {
	WATCH_IN = EPOLLIN | EPOLLPRI | EPOLLRDHUP,
	WATCH_OUT = EPOLLOUT,
	WATCH_END = EPOLLRDHUP | EPOLLHUP | EPOLLERR,
};

enum { WATCH_BATCH = 128 };

struct watch {
	int epfd;
	int wake_fd;         /* an eventfd: every write is an edge, nobody reads */
	bool no_nanoseconds; /* the kernel (before 5.11) has no epoll_pwait2(2) */
	struct epoll_event events[WATCH_BATCH];
};

/* Tags of descriptors are (generation << 32 | fd); these are the loop's own. */
#define WATCH_TAG_LOOP UINT64_MAX
#define WATCH_TAG_WAKE (UINT64_MAX - 1)

int co__watch_init(struct watch *watch); /* -EMFILE, -ENFILE, -ENOMEM */
void co__watch_fini(struct watch *watch);

/* Report FD's conditions with TAG from now on, every edge once, beginning with what holds now. A
 * descriptor that is watched already is watched for CONDITIONS instead, with the same beginning.
 * -EPERM: it is of a kind that is always ready. -EBADF, -ENOMEM, -ENOSPC as epoll_ctl(2). */
int co__watch_add(struct watch *watch, int fd, uint64_t tag, uint32_t conditions);
/* Register FD again if the kernel has forgotten it; nothing happens otherwise. */
void co__watch_renew(struct watch *watch, int fd, uint64_t tag, uint32_t conditions);
/* Watch an inner epoll set, level-triggered. */
int co__watch_add_loop(struct watch *watch, int fd);
/* End the wait, or the next one, with an event of WATCH_TAG_WAKE. Any thread, and signal
 * handlers. */
void co__watch_wake(struct watch *watch);
void co__watch_forget(struct watch *watch, int fd);

/* Wait up to TIMEOUT nanoseconds (DUE_NEVER: for ever) for events. The number of them, in watch->events;
 * -EINTR if a signal handler ran. */
int co__watch_drain(struct watch *watch, uint64_t timeout);

#endif
