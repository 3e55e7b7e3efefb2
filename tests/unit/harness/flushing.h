/* flushing.h - what every call that makes a stream write what it holds has in common:
 * fflush, fclose, fseek and their kin. */
#ifndef HARNESS_FLUSHING_H
#define HARNESS_FLUSHING_H

#include "harness/stream.h"

struct flushing {
	/* The call under test; through enter() and result(). */
	void (*flush)(struct run *run, FILE *fp);
	bool closes; /* the stream is no more */
};

/* Add the shared scenarios for VERB to the suite. */
void flushing_add(const struct flushing *verb);

#endif
