/* scanning.h - what the calls of the scanf family have in common beyond reading. */
#ifndef HARNESS_SCANNING_H
#define HARNESS_SCANNING_H

#include "harness/reading.h"

struct scanning {
	struct reading reading; /* by scanning_take() */
	/* The call under test, with two places for FORMAT. */
	int (*scan)(
		struct run *run, FILE *fp, const char *format, void *first, void *second);
};

/* Add the shared scenarios for VERB to the suite, those for reading
 * among them. */
void scanning_add(const struct scanning *verb);

/* A record by two calls of the verb: all but the end of the line, and that. */
ssize_t scanning_take(struct run *run, FILE *fp, char *buf, size_t size);

#endif
