/* timed.h - absolute points in time on the clocks that pthread calls take. */
#ifndef COHOOK_TIMED_H
#define COHOOK_TIMED_H

#include "../clock.h"

#include <errno.h>

struct moment {
	clockid_t clock;
	uint64_t at; /* ns of that clock; DUE_NEVER for none */
};

#define MOMENT_NEVER ((struct moment){CLOCK_MONOTONIC, DUE_NEVER})

/* 0, or the bare EINVAL of a bad timespec. Times before the epoch have passed. */
static inline int moment_of(
	clockid_t clock, const struct timespec *abstime, struct moment *moment)
{
	if (abstime->tv_nsec < 0 || abstime->tv_nsec >= (long)NS_PER_S)
		return EINVAL;
	moment->clock = clock;
	moment->at = abstime->tv_sec < 0 ? 0 : ns_of_timespec(abstime);
	return 0;
}

/* Whether the calls that take a clock take this one. */
static inline int is_waited_for(clockid_t clock)
{
	return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC;
}

/* When to look at the clock next, on CLOCK_MONOTONIC. Another clock may be set meanwhile,
 * so a wait for it looks again at least every second. */
static inline uint64_t moment_due(const struct moment *moment)
{
	uint64_t now;

	if (moment->clock == CLOCK_MONOTONIC || moment->at == DUE_NEVER)
		return moment->at;
	now = clock_ns(moment->clock);
	if (moment->at <= now)
		return now_ns();
	return due_after(moment->at - now < NS_PER_S ? moment->at - now : NS_PER_S);
}

static inline int moment_passed(const struct moment *moment)
{
	return moment->at != DUE_NEVER && clock_ns(moment->clock) >= moment->at;
}

#endif
