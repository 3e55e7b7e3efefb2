/* doomed.h - a thread that is to be cancelled, and a record of what it still did.
 *
 *	struct doomed doomed = {.act = reads, .fd = fd, .sort = run->kind};
 *
 *	doomed_meets_end(run, &doomed);
 *
 * Its steps are 'c' when its outermost cleanup handler runs, '.' when ACT comes back, and
 *whatever ACT adds. */
#ifndef HARNESS_DOOMED_H
#define HARNESS_DOOMED_H

#include "harness/mate.h"

enum { STEPS_MAX = 30 };

struct doomed {
	void (*act)(struct doomed *doomed);
	int fd; /* for ACT, as is ARG */
	void *arg;
	int sort;        /* from enum sort */
	struct run *run; /* from here on: doomed_start()'s */
	const struct calls *calls;
	struct spot spot;
	pthread_t thread;
	atomic_bool ready, released; /* see doomed_compute() */
	char steps[STEPS_MAX];
	atomic_int nsteps;
};

void doomed_start(struct run *run, struct doomed *doomed);

/* Wait until it waits in a call, and cancel it. */
void doomed_cancel_blocked(struct run *run, struct doomed *doomed);

/* Wait until it computes, cancel it, and let it go on. */
void doomed_cancel_computing(struct run *run, struct doomed *doomed);

/* Join it; note what it ended with and its steps. */
void doomed_end(struct run *run, struct doomed *doomed);

/* doomed_start(), doomed_cancel_blocked() and doomed_end(). */
void doomed_meets_end(struct run *run, struct doomed *doomed);

/* For ACT: go round until doomed_cancel_computing() has cancelled; no cancellation point.
 */
void doomed_compute(struct doomed *doomed);

/* For ACT: before a call that waits. */
const struct calls *doomed_enter(struct doomed *doomed);

void doomed_step(struct doomed *doomed, char step);

/* Ready-made acts. */
void doomed_reads(struct doomed *doomed); /* one byte, from FD */
void doomed_cancels_itself(
	struct doomed *doomed); /* and goes on to the next cancellation point */

#endif
