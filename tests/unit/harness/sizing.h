/* sizing.h - what ftruncate, truncate, fallocate and posix_fallocate have in common. */
#ifndef HARNESS_SIZING_H
#define HARNESS_SIZING_H

#include "harness/run.h"

struct sizing {
	/* The call under test, to make the file SIZE bytes long; FD is its descriptor,
	 * /proc/self/fd its name. Through enter() and result() or code(). */
	int (*resize)(struct run *run, int fd, off_t size);
};

void sizing_add(const struct sizing *verb);

#endif
