/* fdwait.h - one call's dealings with one descriptor: try, wait, try again, under one
 * deadline.
 *
 *	if (!co__fdwait_begin(&wait, fd, DIR_IN))
 *		return recv(fd, ...);                     the plain call
 *	while ((r = attempt()) == -EAGAIN)
 *		if ((r = co__fdwait_wait(&wait)) < 0)
 *			break;
 *	return co__fdwait_end(&wait, r);
 */
#ifndef COHOOK_FDWAIT_H
#define COHOOK_FDWAIT_H

#include "wait.h"

#include <sys/types.h>

struct fdwait {
	struct fd_entry *entry;
	int fd;
	enum fd_dir dir;
	uint32_t generation;
	bool woken;      /* by an event: others may be waiting for the same one */
	bool waited;
	bool moved;      /* the caller's: some bytes went, so a signal ends the call, SA_RESTART or not */
	bool renewed;    /* by co__fdwait_renew() */
	bool shared;     /* the options below are read anew for this call */
	int error;       /* errno before the call */
	uint64_t due;    /* of the call, once has_due */
	bool has_due;
};

/* Gives others their turn, now and then. False if the call is to be made plainly: no
 * fiber is running, the descriptor is the user's non-blocking one, is not open, or is of
 * a kind that never waits. */
bool co__fdwait_begin(struct fdwait *wait, int fd, enum fd_dir dir);

/* Wait until the descriptor may be ready. 0, or what the call is to fail with: -EAGAIN at
 * the deadline or if the user made it non-blocking, -EBADF if it was closed, -EINTR,
 * -ECANCELED, -ETIMEDOUT; -EPERM if it turned out to be of a kind that cannot be waited
 * for. */
int co__fdwait_wait(struct fdwait *wait);

/* Whether the user has made the descriptor non-blocking. Reads it from the kernel if it
 * is not known. */
bool co__fdwait_user_nonblock(struct fdwait *wait);

/* Sleep up to PAUSE nanoseconds instead: for conditions that the kernel does not
 * report. */
int co__fdwait_pause(struct fdwait *wait, uint64_t pause);

/* The end of the call in libc's dialect: R >= 0 is the result and errno is as before,
 * else -1 and errno. Passes an event on. */
ssize_t co__fdwait_end(struct fdwait *wait, ssize_t r);

/* Whether an attempt would be useless, because the last read by this worker found the end
 * of what was there and no event has come since. And the note that makes it so: a read of
 * ASKED bytes gave GOT. */
bool co__fdwait_drained(const struct fdwait *wait);
void co__fdwait_note_read(const struct fdwait *wait, ssize_t got, size_t asked);

/* The conditions that hold now, as poll(2) has them; 0 for none. */
int co__fdwait_poll(const struct fdwait *wait);

/* Whether a datagram socket was shut down for reading: the kernel's wait ends then, with
 * nothing, though an attempt that does not wait says EAGAIN. The plain call does not wait
 * now. */
bool co__fdwait_ended(const struct fdwait *wait);

/* After a wait for room on a stream that broke meanwhile: what the kernel's wait would
 * end with. An error stays with the socket, for the next call, if DONE bytes were taken.
 * 0: go on. */
int co__fdwait_broken(const struct fdwait *wait, size_t done);

/* Flags of an attempt to send. Whom the end of a local stream finds waiting gets EPIPE and
 * no signal. */
int co__fdwait_send_flags(const struct fdwait *wait);

/* The descriptor seems not to be what the table says, see co__fd_verify(). True if it is
 * another kind and the call has begun anew; once in a call. */
bool co__fdwait_renew(struct fdwait *wait);

#endif
