/* latency.h - a histogram of times, exact to about 2 %. */
#ifndef BENCH_LATENCY_H
#define BENCH_LATENCY_H

#include <stdint.h>

enum {
	LATENCY_STEPS = 32, /* buckets for each power of two */
	LATENCY_BUCKETS = LATENCY_STEPS * 60,
};

struct latency {
	uint64_t count;
	uint64_t buckets[LATENCY_BUCKETS];
};

void latency_add(struct latency *l, uint64_t ns);

/* The time that PERCENT of all did not exceed, in ns; 0 if there are none. */
uint64_t latency_percentile(const struct latency *l, double percent);

#endif
