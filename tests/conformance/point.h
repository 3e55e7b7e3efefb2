/* point.h - one point of the table: a call, what it is made on, under which condition.
 *
 * The body runs as a scenario's does (tests/unit/harness/run.h): through libc, through the
 * mirrors in the root fiber, and in a spawned fiber beside one that goes on running, each
 * time in a process of its own. What it notes and how its process ends is its outcome. */
#ifndef CONFORMANCE_POINT_H
#define CONFORMANCE_POINT_H

#include "harness/run.h"

struct point {
	const char *call; /* a row of hooks.def */
	const char *on;
	const char *condition;
	void (*body)(struct run *run);
	const void *verb; /* for BODY, as are the next two */
	int kind;
	int number;
	int modes; /* 0: all */
	bool settles; /* runs need no more memory than the ones before, see judge.c */
};

/* The point that RUN is about. */
static inline const struct point *point_of(const struct run *run)
{
	return run->verb;
}

/* Add a copy to the table; the strings have to stay. */
void point_add(struct point point);

/* What the files of this folder add, one function a noun. */
void arrivals_add(void);
void departures_add(void);
void things_add(void);
void waits_add(void);
void trials_add(void);
void faults_add(void);

#endif
