/* giver.h - how each call gives bytes to a descriptor, or learns that there is room. */
#ifndef CONFORMANCE_GIVER_H
#define CONFORMANCE_GIVER_H

#include "taker.h"

struct giver {
	const char *call, *how;
	/* Through enter(); what the call says, its errno kept. */
	ssize_t (*give)(struct run *run, int fd, const void *buf, size_t size);
	int kinds;
	int traits; /* from enum trait */
};

extern const struct giver givers[];
extern const size_t ngivers;

/* Before the first call of a scenario. */
void giver_begin(void);

#endif
