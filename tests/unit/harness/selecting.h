/* selecting.h - what select and pselect have in common. */
#ifndef HARNESS_SELECTING_H
#define HARNESS_SELECTING_H

#include "harness/run.h"

#include <sys/select.h>
#include <time.h>

struct selecting {
	const char *name;
	/* The call under test, through enter(). */
	int (*select)(struct run *run, int n, fd_set *sets[3], struct timespec *span);
};

void selecting_add(const struct selecting *verb);

#endif
