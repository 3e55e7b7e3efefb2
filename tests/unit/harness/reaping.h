/* reaping.h - what the calls that wait for children have in common. */
#ifndef HARNESS_REAPING_H
#define HARNESS_REAPING_H

#include "harness/calls.h"

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

enum reaping_can {   /* bits */
	BY_PID = 1,  /* chooses among the children */
	OPTIONS = 2, /* has options */
	USAGE = 4,   /* tells what the child used */
};

struct reaping {
	const char *name;
	unsigned can; /* enum reaping_can */
	/* The call under test, with wait4(2)'s parameters as far as it has them: what it
	 * says of the child, 0 for nothing, or -1. */
	pid_t (*wait)(const struct calls *calls, pid_t pid, int *status, int options,
		struct rusage *usage);
};

/* For a `static const`: the scenarios are this verb's. */
void reaping_add(const struct reaping *verb);

#endif
