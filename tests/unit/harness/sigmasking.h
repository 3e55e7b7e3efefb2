/* sigmasking.h - what pthread_sigmask and sigprocmask have in common: a thread's mask is
 * its own. */
#ifndef HARNESS_SIGMASKING_H
#define HARNESS_SIGMASKING_H

#include "harness/run.h"

#include <signal.h>

struct sigmasking {
	/* The call under test, noted; through enter(). */
	int (*change)(struct run *run, int how, const sigset_t *set, sigset_t *before);
};

void sigmasking_add(const struct sigmasking *verb);

#endif
