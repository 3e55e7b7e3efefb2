/* streamopening.h - what fopen and freopen have in common. */
#ifndef HARNESS_STREAMOPENING_H
#define HARNESS_STREAMOPENING_H

#include "harness/stream.h"

struct streamopening {
	/* The call under test; through enter(). */
	FILE *(*open)(struct run *run, const char *path, const char *mode);
};

/* Add the shared scenarios for VERB to the suite. */
void streamopening_add(const struct streamopening *verb);

#endif
