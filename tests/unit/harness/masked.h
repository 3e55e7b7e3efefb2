/* masked.h - what ppoll and pselect have in common: a signal
 * mask for the time of the call. */
#ifndef HARNESS_MASKED_H
#define HARNESS_MASKED_H

#include "harness/run.h"

#include <signal.h>

struct masked {
	const char *name;
	/* The call under test: wait up to MS milliseconds (-1: for ever) until FD is
	 * readable; through enter(). */
	int (*wait)(struct run *run, int fd, int ms, const sigset_t *mask);
};

void masked_add(const struct masked *verb);

#endif
