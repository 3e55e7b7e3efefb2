/* accept.c - accept and accept4 without O_NONBLOCK on the listening socket.
 *
 * accept(2) has no flag for "do not wait", and O_NONBLOCK would be seen by everyone who
 * shares the socket. On Linux a connection that poll(2) has reported stays in the queue
 * until someone takes it, so looking and taking under a lock does not wait, as long as
 * everyone who takes holds the lock. The locks lie in memory that is shared with forked
 * children, so a pre-forking server's processes exclude each other, too; a holder that
 * dies leaves it (robust). A listening socket that was not made here may have acceptors
 * that know nothing of the lock: there O_NONBLOCK is set for the instant of the call. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../fdwait.h"
#include "../sched.h"
#include "acceptlock.h"
#include "sockarg.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

enum { LOCKS = 64 };

static pthread_mutex_t *locks; /* LOCKS of them, shared with children */
static pthread_once_t locks_once = PTHREAD_ONCE_INIT;
static atomic_uint locks_used;

static void make_locks(void)
{
	pthread_mutexattr_t attr;
	pthread_mutex_t *made = mmap(NULL, LOCKS * sizeof(*made), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (made == MAP_FAILED)
		return;
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	for (int i = 0; i < LOCKS; i++)
		pthread_mutex_init(&made[i], &attr);
	pthread_mutexattr_destroy(&attr);
	locks = made;
}

void co__accept_listens(int fd)
{
	struct fd_entry *e = co__fd_look(fd);

	pthread_once(&locks_once, make_locks);
	if (!e || !locks || !(fd_flags(e) & FD_OWNED))
		return;
	lock_take(&e->lock);
	if (!(fd_flags(e) & FD_LISTENS)) {
		e->accept_lock = atomic_fetch_add(&locks_used, 1) % LOCKS;
		atomic_store(&e->flags, (uint16_t)(fd_flags(e) | FD_LISTENS));
	}
	lock_drop(&e->lock);
}

struct call {
	struct fdwait wait;
	struct sockaddr *address;
	socklen_t *size;
	int flags;
};

static int take(const struct call *c)
{
	int fd = accept4(c->wait.fd, c->address, c->size, c->flags);

	return fd < 0 ? -errno : fd;
}

/* Another holder needs the lock for two system calls; waiting for it is not worth a
 * switch. */
static int take_locked(const struct call *c, pthread_mutex_t *lock)
{
	int r;

	critical_begin(); /* a handler that jumps would leave it locked */
	r = pthread_mutex_lock(lock);
	if (r == EOWNERDEAD)
		pthread_mutex_consistent(lock);
	r = co__fdwait_poll(&c->wait) ? take(c) : -EAGAIN;
	pthread_mutex_unlock(lock);
	critical_end();
	return r;
}

/* The first wait of the call has to learn of the user's own O_NONBLOCK before it is set
 * here. */
static int take_nonblocking(struct call *c)
{
	int on = 1, off = 0;
	int r;

	if (!co__fdwait_poll(&c->wait))
		return -EAGAIN;
	r = co__fdwait_user_nonblock(&c->wait);
	if (r)
		return take(c);
	critical_begin();
	ioctl(c->wait.fd, FIONBIO, &on);
	r = take(c);
	ioctl(c->wait.fd, FIONBIO, &off);
	critical_end();
	return r;
}

static int attempt(struct call *c)
{
	struct fd_entry *e = c->wait.entry;

	if (!(fd_flags(e) & FD_LISTENS))
		return take_nonblocking(c);
	return take_locked(c, &locks[e->accept_lock]);
}

/* The new socket is of the listener's kind. */
static int adopt(const struct call *c, int fd)
{
	enum fd_kind kind = fd_kind(c->wait.entry);
	unsigned flags = fd_flags(c->wait.entry) & FD_LOWAT;

	if (c->flags & SOCK_NONBLOCK)
		flags |= FD_NONBLOCK | FD_KNOWN_IN | FD_KNOWN_OUT;
	return co__fd_opened(fd, kind, flags);
}

static int do_accept(struct call *c)
{
	int r;

	while ((r = attempt(c)) == -EAGAIN) {
		r = co__fdwait_wait(&c->wait);
		if (r < 0)
			break;
	}
	if (r >= 0)
		adopt(c, r);
	return (int)co__fdwait_end(&c->wait, r);
}

static int plain(int fd, struct sockaddr *address, socklen_t *size, int flags)
{
	int r = accept4(fd, address, size, flags);
	int error = errno;

	if (r >= 0) {
		co__fd_opened(r, FD_UNKNOWN, 0);
		errno = error;
	}
	return r;
}

/* Others are refused at once, whatever they would be waited for. */
static bool listens(int fd, const struct fd_entry *e)
{
	int on = 0;
	socklen_t size = sizeof(on);

	if (fd_flags(e) & FD_LISTENS)
		return true;
	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &size) == 0 && on;
}

int co_accept4(int fd, __SOCKADDR_ARG address, socklen_t *restrict size, int flags)
{
	struct call c = {.address = SOCKADDR_OF(address), .size = size, .flags = flags};

	if (flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC) || !co__fdwait_begin(&c.wait, fd, DIR_IN))
		return plain(fd, c.address, size, flags);
	if (!listens(fd, c.wait.entry))
		return plain(fd, c.address, size, flags);
	return do_accept(&c);
}

int co_accept(int fd, __SOCKADDR_ARG address, socklen_t *restrict size)
{
	return co_accept4(fd, address, size, 0);
}
