/* opening.h - what fopen and freopen have in common. */
#ifndef HARNESS_OPENING_H
#define HARNESS_OPENING_H

#include "harness/stream.h"

struct opening {
	/* The call under test; through enter(). */
	FILE *(*open)(struct run *run, const char *path, const char *mode);
};

/* Add the shared scenarios for VERB to the suite. */
void opening_add(const struct opening *verb);

#endif
