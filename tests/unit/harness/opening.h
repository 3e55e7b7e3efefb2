/* opening.h - what open, openat and creat have in common. */
#ifndef HARNESS_OPENING_H
#define HARNESS_OPENING_H

#include "harness/run.h"

struct opening {
	/* The call under test, through enter(); MODE only where FLAGS ask for it. */
	int (*open)(struct run *run, const char *path, int flags, mode_t mode);
	bool creates; /* it is creat(2): FLAGS are ignored */
};

void opening_add(const struct opening *verb);

#endif
