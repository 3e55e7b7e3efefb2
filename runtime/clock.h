/* clock.h - time as unsigned nanoseconds of CLOCK_MONOTONIC; conversions saturate instead
 * of wrapping. */
#ifndef COHOOK_CLOCK_H
#define COHOOK_CLOCK_H

#include <stdint.h>
#include <time.h>
#include <sys/time.h>

#define NS_PER_S UINT64_C(1000000000)
#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_US UINT64_C(1000)

#define DUE_NEVER UINT64_MAX

static inline uint64_t clock_ns(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

static inline uint64_t now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

static inline uint64_t ns_add(uint64_t a, uint64_t b)
{
	uint64_t sum = a + b;

	return sum < a || sum == DUE_NEVER ? DUE_NEVER - 1 : sum;
}

/* The span of a valid, non-negative timespec. */
static inline uint64_t ns_of_timespec(const struct timespec *ts)
{
	if ((uint64_t)ts->tv_sec >= UINT64_MAX / NS_PER_S)
		return UINT64_MAX - 1;
	return (uint64_t)ts->tv_sec * NS_PER_S + (uint64_t)ts->tv_nsec;
}

static inline uint64_t ns_of_timeval(const struct timeval *tv)
{
	if ((uint64_t)tv->tv_sec >= UINT64_MAX / NS_PER_S)
		return UINT64_MAX - 1;
	return (uint64_t)tv->tv_sec * NS_PER_S + (uint64_t)tv->tv_usec * NS_PER_US;
}

static inline struct timespec timespec_of_ns(uint64_t ns)
{
	return (struct timespec){(time_t)(ns / NS_PER_S), (long)(ns % NS_PER_S)};
}

static inline uint64_t due_after(uint64_t ns)
{
	return ns_add(now_ns(), ns);
}

#endif
