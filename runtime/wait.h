/* wait.h - parking until something happens: a time, a wake-up, a descriptor.
 *
 * One deadline conversion and one place that knows why a wait ended. The untimed wait is
 * the timed one with DUE_NEVER. */
#ifndef COHOOK_WAIT_H
#define COHOOK_WAIT_H

#include "fdtab.h"
#include "fiber.h"
#include "loop/loop.h"

enum wait_how { /* bits */
	WAIT_SIGNALS = 1,    /* ends with -EINTR when a handler without SA_RESTART ran */
	WAIT_NO_RESTART = 2, /* ... and when one with SA_RESTART ran, too */
	WAIT_POINT = 8,      /* pthread_cancel() ends it although it is deaf */
	WAIT_DEAF = 4,       /* no signal, cancel or scoped deadline ends it: it has no way to fail */
};

/* Results of waits beside 0 (it happened): -EBADF (the descriptor was closed), -ETIME (DUE passed), -EINTR,
 * -ECANCELED (co_fiber_cancel()), -ETIMEDOUT (the scoped deadline), -ERESTART (a handler ran that interrupts
 * nothing, or co__wait_look() found something: look again, and wait on). */

/* End FIBER's wait with -ECANCELED, unless it is deaf and not one of ALSO (WAIT_POINT, or
 * 0). Any thread. */
void co__wait_cancel(struct co_fiber *fiber, unsigned also);
/* End FIBER's wait with -EINTR if a handler that RESTARTS calls, or not, would. Any
 * thread. */
void co__wait_interrupt_one(struct co_fiber *fiber, bool restarts);

/* Begin a wait of the running fiber: from here on co__wake() can claim it, and handlers
 * of signals have to wait (see critical.h). */
void co__wait_begin(unsigned how);
/* Foreign code may end the wait without telling us: the loop asks LOOK(OBJECT) now and
 * then, after 1 ms first and later every 16, and if it is true the wait ends with
 * -ERESTART. LOOK runs on the fiber's worker while the fiber waits; it only reads. Between
 * co__wait_begin() and co__wait_park(). */
void co__wait_look(bool (*look)(void *object), void *object);
/* Park until then. Must follow co__wait_begin(). */
int co__wait_park(uint64_t due);
/* Handlers may run again. The caller has taken itself out of every list, and R is what
 * co__wait_park() gave; the result is what to make of it. */
int co__wait_end(int r);
/* Instead of parking and ending: take back co__wait_begin(). */
void co__wait_abandon(void);
/* Begin and park, for waits that only time or a signal ends. */
int co__wait_until(uint64_t due, unsigned how);

/* Link WAITER to FD's entry E and see that its conditions are watched. Must follow co__wait_begin().
 * -EBADF: the generation is not GENERATION any more. -EPERM: the descriptor is of a kind that is always
 * ready. Other errors: it cannot be watched now (ENOMEM, ENOSPC). */
int co__waiter_link(struct waiter *waiter, struct fd_entry *e, uint32_t generation);
/* Not needed for a single waiter that co__wait_park() gave 0 or -EBADF for, when
 * co__waiter_stays(). */
void co__waiter_unlink(struct waiter *waiter, struct fd_entry *e, uint32_t generation);

/* Whether the registration outlives the wait: foreign descriptors, and workers without a
 * bit, register for one wait only. */
static inline bool co__waiter_stays(const struct worker *w, const struct fd_entry *e)
{
	return w->bit && fd_flags(e) & FD_OWNED;
}

/* Wake the next exclusive waiter of FD for CONDITIONS: an event that was taken by one may
 * serve another. */
void co__waiters_pass(struct fd_entry *e, uint32_t conditions);
/* Let every waiter look again. */
void co__waiters_retry(struct fd_entry *e);

/* The hooks of the loop and of the descriptor table. */
void co__wait_expire(struct co_fiber *fiber, uint64_t now);
void co__wait_deliver(struct worker *w, uint64_t tag, uint32_t conditions);
void co__wait_expect(uint64_t tag, enum expected when);
bool co__wait_recheck(struct worker *w);
void co__wait_closed(struct fd_entry *e);
void co__wait_forget(int fd, uint64_t mask);
void co__wait_interrupt(struct worker *w);

/* The child's side of fork(2): nobody waits for any descriptor, and no lock is held. */
void co__wait_forked(void);

#endif
