/* filelocking.h - what flock, lockf and fcntl's locks have in common. */
#ifndef HARNESS_FILELOCKING_H
#define HARNESS_FILELOCKING_H

#include "harness/run.h"

struct filelocking {
	/* The call under test, waiting for the whole file; through enter() and result(). */
	int (*lock)(struct run *run, int fd);
	/* The same and its attempt, plainly, for other processes. */
	int (*hold)(int fd);
	int (*attempt)(int fd);
	/* The call under test without a word, for other fibers. */
	int (*lock_as)(const struct calls *calls, int fd);
	bool by_process; /* it belongs to the process, and the kernel finds deadlocks */
};

void filelocking_add(const struct filelocking *verb);

/* A file of its own in the current folder of the scenario; it is opened again by name. */
struct lockfile {
	char path[64];
	int fd; /* through the calls under test, kept */
};
struct lockfile lockfile_make(struct run *run);
void lockfile_remove(struct run *run, const struct lockfile *file);

#endif
