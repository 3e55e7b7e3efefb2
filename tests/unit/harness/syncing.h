/* syncing.h - what fsync, fdatasync and syncfs have in common. */
#ifndef HARNESS_SYNCING_H
#define HARNESS_SYNCING_H

#include "harness/run.h"

struct syncing {
	/* The call under test, through enter() and result(). */
	int (*sync)(struct run *run, int fd);
};

void syncing_add(const struct syncing *verb);

#endif
