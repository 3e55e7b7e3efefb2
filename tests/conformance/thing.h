/* thing.h - single descriptors of every sort, in a state in which no call on them waits. */
#ifndef CONFORMANCE_THING_H
#define CONFORMANCE_THING_H

#include "harness/run.h"

struct thing {
	const char *name;
	int (*open)(struct run *run); /* not kept */
};

extern const struct thing things[];
extern const size_t nthings;

#endif
