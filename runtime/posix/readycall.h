/* readycall.h - what the calls that wait by ready.h have in common: their beginning,
 * their timeouts, their end in libc's dialect. */
#ifndef COHOOK_READYCALL_H
#define COHOOK_READYCALL_H

#include "../cancel.h"
#include "../ready.h"
#include "../sched.h"

#include <errno.h>

/* False if the call is to be the plain one. A cancellation point. */
static inline bool ready_begin(void)
{
	if (!co__self())
		return false;
	co__turn(co__ctx.worker);
	co__cancel_point(co__ctx.self);
	return true;
}

/* The deadline of a timeout in milliseconds; negative ones never come. */
static inline uint64_t ready_due_ms(int timeout)
{
	return timeout < 0 ? DUE_NEVER : due_after((uint64_t)timeout * NS_PER_MS);
}

static inline bool ready_span_is_valid(const struct timespec *span)
{
	return span->tv_sec >= 0 && span->tv_nsec >= 0 && span->tv_nsec < (long)NS_PER_S;
}

/* The deadline of TIMEOUT, NULL for none; false where the plain call comes back at once,
 * be it with EINVAL. */
static inline bool ready_due(const struct timespec *timeout, uint64_t *due)
{
	*due = DUE_NEVER;
	if (!timeout)
		return true;
	if (!ready_span_is_valid(timeout) ||
		(timeout->tv_sec == 0 && timeout->tv_nsec == 0))
		return false;
	*due = due_after(ns_of_timespec(timeout));
	return true;
}

/* The call's end: R as co__ready_wait() gave it. A cancellation point. */
static inline int ready_end(int r, int error)
{
	if (r == -ECANCELED)
		co__cancel_point(co__ctx.self);
	errno = r < 0 ? -r : error;
	return r < 0 ? -1 : r;
}

static inline int ready_call(struct ready *ready)
{
	int error = errno;

	return ready_end(co__ready_wait(ready), error);
}

#endif
