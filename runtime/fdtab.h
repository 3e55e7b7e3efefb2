/* fdtab.h - what is known about each descriptor number.
 *
 * An entry speaks of one *generation* of a number: from the moment cohook code created
 * the descriptor, or first used one that foreign code created, until cohook code closes
 * it. Each change of owner raises the generation, and whoever waited under an old one is
 * told so and never touches the new descriptor. */
#ifndef COHOOK_FDTAB_H
#define COHOOK_FDTAB_H

#include "list.h"
#include "lock.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum fd_kind {
	FD_UNKNOWN,  /* nobody has looked yet */
	FD_TCP,      /* a TCP socket */
	FD_STREAM,   /* any other SOCK_STREAM socket */
	FD_PACKET,   /* a socket that keeps the boundaries of messages */
	FD_PIPE,     /* a pipe or a FIFO */
	FD_FILE,     /* regular file, directory, block device: ready always, but may wait for a disk */
	FD_TTY,      /* a terminal or another character device that can be polled */
	FD_EVENTS,   /* eventfd, timerfd, inotify and other anonymous files that can be polled */
	FD_READY,    /* not pollable, never waits: /dev/null and its kind */
};

enum fd_flags {
	FD_OWNED = 1 << 0,       /* created by cohook code: stays registered */
	FD_SHARED = 1 << 1,      /* other descriptors may share the description: believe nothing */
	FD_NONBLOCK = 1 << 2,    /* the user's O_NONBLOCK; valid as FD_KNOWN_* say */
	FD_KNOWN_IN = 1 << 3,    /* FD_NONBLOCK and in_timeout were read */
	FD_KNOWN_OUT = 1 << 4,   /* FD_NONBLOCK and out_timeout were read */
	FD_ENDED = 1 << 5,       /* the last event said RDHUP, HUP or ERR */
	FD_NO_NOWAIT_IN = 1 << 6, /* the kernel refuses RWF_NOWAIT for reads */
	FD_NO_NOWAIT_OUT = 1 << 7, /* and for writes */
	FD_LOWAT = 1 << 8,       /* SO_RCVLOWAT was set */
	FD_CLOSING = 1 << 9,     /* close(2) is under way */
	FD_LISTENS = 1 << 10,    /* listen(2) was called here; accept_lock is valid */
	FD_HASTY_IN = 1 << 11,   /* SO_RCVTIMEO is negative: Linux waits for nothing, and shows 0 */
	FD_HASTY_OUT = 1 << 12,  /* SO_SNDTIMEO is */
};

enum fd_dir { DIR_IN, DIR_OUT };

struct fd_entry {
	struct lock lock;             /* covers everything but kind, flags and drained_by when read */
	_Atomic uint32_t generation;  /* written under the lock */
	_Atomic uint16_t flags;       /* enum fd_flags; written under the lock */
	_Atomic uint8_t kind;         /* enum fd_kind; written under the lock */
	_Atomic uint8_t drained_by;   /* id of the worker whose last read found the end, see io.c */
	_Atomic uint32_t forks;       /* co__fd_forks when the entry was opened */
	uint64_t watched_in;          /* workers (bits) that have it registered for WATCH_IN */
	uint64_t watched_out;         /* and for WATCH_OUT; a subset of watched_in */
	struct list waiters;          /* struct waiter, see wait.h; next is NULL in an unused entry */
	_Atomic uint64_t in_timeout;  /* SO_RCVTIMEO in ns, 0: never */
	union {
		_Atomic uint64_t out_timeout; /* SO_SNDTIMEO */
		_Atomic uint64_t accept_lock; /* with FD_LISTENS, see posix/accept.c */
	};
};

/* How often the process has forked: descriptors older than the last fork are shared with
 * children. */
extern _Atomic uint32_t co__fd_forks;

/* The entry of FD, made if need be. NULL for negative numbers, those beyond any possible
 * limit, and without memory. Any thread. */
struct fd_entry *co__fd_entry(int fd);

/* The entry of FD with its kind known; NULL if FD is not open (or as above). Any
 * thread. */
struct fd_entry *co__fd_look(int fd);

/* FD was created by cohook code just now: begin a generation. FLAGS are FD_NONBLOCK and
 * FD_SHARED. Nothing happens for a negative FD, which is passed through for the
 * convenience of callers. */
int co__fd_opened(int fd, enum fd_kind kind, unsigned flags);

/* FD is about to be closed: end the generation, tell every waiter, give up registrations
 * that would outlive the descriptor. To be followed, when the number is closed, by
 * co__fd_close_done() with what this gives (0: nothing was known of FD). */
uint32_t co__fd_close_begin(int fd);
void co__fd_close_done(int fd, uint32_t generation);

/* The calling process is the one that the table speaks of: when the first worker starts,
 * and in the child of a fork. */
void co__fd_claim(void);

/* COPY was made from FD by dup(2) or its kind. */
int co__fd_copied(int fd, int copy);

void co__fd_set(struct fd_entry *entry, unsigned set, unsigned clear);

void co__fd_set_kind(struct fd_entry *entry, enum fd_kind kind);

/* Whether FD is of ENTRY's kind still, as far as fstat(2) tells. If foreign code has closed it
 * and opened something else under its number, what was known is forgotten. To be asked where a
 * call of the wrong kind could wait for ever. */
bool co__fd_verify(int fd, struct fd_entry *entry);

/* co__fd_look(), verified. */
struct fd_entry *co__fd_look_anew(int fd);

/* Forget what was found out about FD's kind, because a call proved it wrong. */
void co__fd_mistaken(struct fd_entry *entry);

static inline unsigned fd_flags(const struct fd_entry *entry)
{
	return atomic_load_explicit(&entry->flags, memory_order_relaxed);
}

static inline enum fd_kind fd_kind(const struct fd_entry *entry)
{
	return atomic_load_explicit(&entry->kind, memory_order_relaxed);
}

static inline bool fd_is_stream(const struct fd_entry *entry)
{
	return fd_kind(entry) == FD_TCP || fd_kind(entry) == FD_STREAM;
}

static inline uint32_t fd_generation(const struct fd_entry *entry)
{
	return atomic_load_explicit(&entry->generation, memory_order_acquire);
}

/* Whether another process or descriptor may change the description behind our back. */
static inline bool fd_shared(const struct fd_entry *entry)
{
	return fd_flags(entry) & FD_SHARED ||
		atomic_load_explicit(&entry->forks, memory_order_relaxed) !=
			atomic_load_explicit(&co__fd_forks, memory_order_relaxed) ||
		!(fd_flags(entry) & FD_OWNED);
}

/* The layer above: wake all waiters of an entry with WAKE_CLOSED (its lock is held), and
 * unregister FD from the workers in MASK. Set once. */
struct fd_hooks {
	void (*closed)(struct fd_entry *entry);
	void (*forget)(int fd, uint64_t mask);
};
extern struct fd_hooks co__fd_hooks;

/* Every allocated entry of the numbers from FD on; NULL at the end. For walks over the
 * whole table. */
struct fd_entry *co__fd_next(int *fd);

#endif
