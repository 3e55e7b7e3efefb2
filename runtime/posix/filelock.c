/* filelock.c - flock, lockf and fcntl's record locks.
 *
 * First without waiting; then a stand-in waits in the kernel, in line with everybody
 * else's processes, so that deadlocks are found as ever. Record locks belong to the
 * process and the others to the open file description: which thread asks for one does
 * not matter. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../cancel.h"
#include "../standin.h"
#include "../wait.h"
#include "filelock.h"

#include <errno.h>

struct request {
	int fd, command;
	void *lock; /* of fcntl() */
	off_t size; /* of lockf() */
};

static long wait_for_record(void *arg)
{
	const struct request *r = arg;

	return fcntl(r->fd, r->command, r->lock);
}

static long wait_for_section(void *arg)
{
	const struct request *r = arg;

	return lockf(r->fd, r->command, r->size);
}

static long wait_for_file(void *arg)
{
	const struct request *r = arg;

	return flock(r->fd, r->command);
}

/* Whether the attempt that does not wait failed for want of that. */
static bool is_taken(void)
{
	return errno == EAGAIN || errno == EACCES;
}

int co__filelock_record(int fd, int command, void *lock)
{
	struct request r = {.fd = fd, .command = command, .lock = lock};
	int error = errno;

	if (!co__self())
		return fcntl(fd, command, lock);
	co__cancel_point(co__ctx.self);
	if (fcntl(fd, command == F_SETLKW ? F_SETLK : F_OFD_SETLK, lock) == 0)
		return 0;
	if (!is_taken())
		return -1;
	errno = error;
	return (int)co__standin_call(wait_for_record, &r, WAIT_SIGNALS);
}

int co_lockf(int fd, int command, off_t size)
{
	struct request r = {.fd = fd, .command = command, .size = size};
	int error = errno;

	if (command != F_LOCK || !co__self())
		return lockf(fd, command, size);
	co__cancel_point(co__ctx.self);
	if (lockf(fd, F_TLOCK, size) == 0)
		return 0;
	if (!is_taken())
		return -1;
	errno = error;
	return (int)co__standin_call(wait_for_section, &r, WAIT_SIGNALS);
}

__typeof__(lockf) co_lockf64 __attribute__((alias("co_lockf")));

/* Alone among them it is no cancellation point. */
int co_flock(int fd, int operation)
{
	struct request r = {.fd = fd, .command = operation};
	struct co_fiber *self = co__self();
	int error = errno, result;
	bool off;

	if (!self || operation & (LOCK_NB | LOCK_UN))
		return flock(fd, operation);
	if (flock(fd, operation | LOCK_NB) == 0)
		return 0;
	if (errno != EWOULDBLOCK)
		return -1;
	errno = error;
	off = self->cancel_off;
	self->cancel_off = true;
	result = (int)co__standin_call(wait_for_file, &r, WAIT_SIGNALS);
	self->cancel_off = off;
	return result;
}
