/* complaining.h - what perror and psignal have in common. */
#ifndef HARNESS_COMPLAINING_H
#define HARNESS_COMPLAINING_H

#include "harness/run.h"

struct complaining {
	/* The call under test about the error or signal NUMBER; through enter(). */
	void (*complain)(const struct calls *calls, int number, const char *about);
	int known, unknown; /* numbers that libc has a text for, and has not */
};

/* Add the shared scenarios for VERB to the suite. */
void complaining_add(const struct complaining *verb);

#endif
