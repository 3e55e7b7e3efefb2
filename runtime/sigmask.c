/* sigmask.c - takes a worker's thread from one fiber's signal mask to another's.
 *
 * Invariant: worker->mask is what the thread's mask was made last, so that fibers with
 * equal masks, which is what programs have, cost no system call. While a signal waits for
 * the end of a critical stretch all are blocked, and what is set holds from then on.
 * Called by sched, and by posix/sigmask.c for the program. */
#define _GNU_SOURCE
#include "sigmask.h"

#include "critical.h"
#include "fiber.h"

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

/* libc's function hides two signals of its own. */
static uint64_t set_mask(const uint64_t *mask)
{
	uint64_t before = 0;
	int error = errno;

	syscall(SYS_rt_sigprocmask, SIG_SETMASK, mask, &before, sizeof(before));
	errno = error;
	return before;
}

uint64_t co__sigmask_now(void)
{
	return set_mask(NULL);
}

/* What foreign code has made of the thread's mask is not noted, but in force on this worker
 * as long as notes are equal. Another one has to be told; unless all signals are blocked
 * for a moment. */
uint64_t co__sigmask_inherited(const struct worker *worker)
{
	const struct co_fiber *self = co__ctx.running;

	if (self && (self->worker == worker || co__critical.deferred))
		return self->mask;
	return co__sigmask_now();
}

void co__sigmask_changed(struct co_fiber *self)
{
	self->mask = self->worker->mask = co__sigmask_now();
}

/* A signal that comes ahead of the system call has all others blocked, which is undone by
 * it; one that comes next waits for its turn, see co__critical_defer(). */
void co__sigmask_set(struct worker *worker, struct co_fiber *from, uint64_t mask)
{
	uint64_t before;

	worker->mask = mask;
	if (co__critical_later(mask))
		return;
	before = set_mask(&mask);
	if (co__critical_later(mask))
		co__critical_block();
	else if (!from->is_loop)
		from->mask = before;
}
