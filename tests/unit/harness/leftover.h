/* leftover.h - what a process holds: to be compared before and after. */
#ifndef HARNESS_LEFTOVER_H
#define HARNESS_LEFTOVER_H

#include "harness/trace.h"

enum { DESCRIPTORS_MAX = 512 };

struct inventory {
	int fds[DESCRIPTORS_MAX]; /* ascending */
	int nfds;
	int nthreads;
};

void inventory_take(struct inventory *inventory);

/* How much NOW has that BEFORE has not. */
int inventory_growth(const struct inventory *before, const struct inventory *now);

/* Take NOW, looking again until those who are on their way out have gone. */
void inventory_settle(const struct inventory *before, struct inventory *now);

/* Make a failure of each thing that NOW has and BEFORE has not. */
void inventory_blame(
	const struct inventory *before, const struct inventory *now, struct trace *trace);

#endif
