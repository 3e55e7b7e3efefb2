/* locking.h - streams that several threads of the program use, one of which has locked
 * it. */
#ifndef HARNESS_LOCKING_H
#define HARNESS_LOCKING_H

#include "harness/mate.h"
#include "harness/stream.h"

/* A mate that has locked a stream by flockfile(3) until it is told to let go. */
struct holder {
	struct mate mate;
	FILE *fp;
	atomic_bool taken, told;
};

/* Start it, of the sort that the run's kind says, and wait until it has the stream. */
void holder_start(struct run *run, struct holder *holder, FILE *fp);
void holder_release(struct holder *holder);

#endif
