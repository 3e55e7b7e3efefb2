/* copying.h - what dup, dup2, dup3 and fcntl's F_DUPFD have in common. */
#ifndef HARNESS_COPYING_H
#define HARNESS_COPYING_H

#include "harness/run.h"

struct copying {
	const char *name;
	/* The call under test, made to give a copy of FD whatever its number. */
	int (*copy)(struct run *run, int fd);
};

void copying_add(const struct copying *verb);

/* A number that is free. */
int free_number(void);

#endif
