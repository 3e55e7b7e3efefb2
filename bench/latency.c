/* latency.c - a histogram with buckets of equal relative width.
 *
 * A time below 2 * LATENCY_STEPS ns has a bucket of its own; above, each power of two is
 * divided into LATENCY_STEPS equal parts. */
#include "latency.h"

static unsigned bucket_of(uint64_t ns)
{
	if (ns < 2 * LATENCY_STEPS)
		return (unsigned)ns;
	unsigned shift =
		58 - (unsigned)__builtin_clzll(ns); /* leaves STEPS .. 2 * STEPS - 1 */

	return shift * LATENCY_STEPS + (unsigned)(ns >> shift);
}

static uint64_t middle_of(unsigned bucket)
{
	if (bucket < 2 * LATENCY_STEPS)
		return bucket;
	unsigned shift = bucket / LATENCY_STEPS - 1;
	uint64_t low = (uint64_t)(bucket % LATENCY_STEPS + LATENCY_STEPS) << shift;

	return low + (UINT64_C(1) << shift) / 2;
}

void latency_add(struct latency *l, uint64_t ns)
{
	l->count++;
	l->buckets[bucket_of(ns)]++;
}

uint64_t latency_percentile(const struct latency *l, double percent)
{
	uint64_t wanted = (uint64_t)((double)l->count * percent / 100), seen = 0;

	for (unsigned i = 0; i < LATENCY_BUCKETS; i++) {
		seen += l->buckets[i];
		if (seen > wanted)
			return middle_of(i);
	}
	return 0;
}
