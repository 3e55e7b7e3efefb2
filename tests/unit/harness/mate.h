/* mate.h - a second thread of the program under test.
 *
 *	struct mate mate = {.act = locks, .arg = &mutex};
 *
 *	mate_start(run, &mate);
 *	check(run, mate_blocked(&mate));
 *
 * It is made through the calls under test (so among mirrors it is a fiber), or it is an
 * OS thread that has no scheduler, calling either mirrors or libc. */
#ifndef HARNESS_MATE_H
#define HARNESS_MATE_H

#include "harness/run.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

enum sort {
	OWN,        /* made by the calls under test, makes them */
	OS_MIRRORS, /* an OS thread that makes the calls under test */
	OS_PLAIN,   /* an OS thread of foreign code: libc */
};

struct mate {
	void (*act)(struct mate *mate);
	void *arg;
	int sort;                  /* from enum sort */
	long outcome;              /* for ACT */
	struct run *run;           /* from here on: mate_start()'s */
	const struct calls *calls; /* what ACT is to call */
	struct spot spot;
	atomic_bool done;
	pthread_t thread;
};

void mate_start(struct run *run, struct mate *mate);

/* Wait until ACT has returned. */
void mate_join(struct mate *mate);

/* Wait until ACT waits in a call; false if it came back. */
bool mate_blocked(struct mate *mate);

/* For ACT: around a call that may wait. */
const struct calls *mate_enter(struct mate *mate);
long mate_leave(struct mate *mate, long value);

/* Let everybody else run until FLAG is set. */
void await_flag(struct run *run, atomic_bool *flag);

/* MS milliseconds from now, in CLOCK's time. */
struct timespec time_in(clockid_t clock, int ms);

/* CLOCK has reached UNTIL: a call that was to end then did not end early. */
void came_after(struct run *run, clockid_t clock, struct timespec until);

/* Foreign code that signals a condition variable of libc's does not reach a parked
 * fiber. */
#define FOR_OUR_SORTS(text, body) {text " (own)", body, OWN}, \
	{text " (thread with mirrors)", body, OS_MIRRORS}
#define FOR_ALL_SORTS(text, body) FOR_OUR_SORTS(text, body), \
	{text " (foreign thread)", body, OS_PLAIN}

#endif
