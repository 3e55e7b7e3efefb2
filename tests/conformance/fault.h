/* fault.h - has a function of libc fail, for the thread that a run is at home in. */
#ifndef CONFORMANCE_FAULT_H
#define CONFORMANCE_FAULT_H

#include "harness/run.h"

enum { NOT_ONE = -1 };

struct fault {
	const char *name; /* of the function; "moving" stands for all that move bytes */
	int error;
	int times; /* it strikes so often, then never again */
	int fd;    /* only calls on this; NOT_ONE: on any */
};

void fault_arm(struct run *run, const struct fault *fault);

/* How often it has struck. */
int fault_disarm(void);

#endif
