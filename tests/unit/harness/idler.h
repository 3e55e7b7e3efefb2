/* idler.h - a thread that exists until it is told to end, for calls that are about a
 *thread.
 *
 *	struct idler idler = {.sort = run->kind, .value = 7};
 *
 *	idler_start(run, &idler);
 *	code(run, "tryjoin", run->calls->pthread_tryjoin_np(idler.thread, NULL));
 *	idler_end(&idler);
 */
#ifndef HARNESS_IDLER_H
#define HARNESS_IDLER_H

#include "harness/mate.h"

struct idler {
	int sort;                            /* from enum sort */
	const pthread_attr_t *attr;          /* NULL: the default */
	void (*before)(struct idler *idler); /* what it does first; NULL: nothing */
	void (*after)(struct idler *idler);  /* and when it was told to end */
	void *arg;                           /* for BEFORE and AFTER, as is OUTCOME */
	long outcome;
	long value;      /* what it ends with */
	struct run *run; /* from here on: idler_start()'s */
	const struct calls *calls;
	pthread_t thread;
	int id; /* as gettid(2) has it */
	atomic_bool ready, released, done;
};

/* Returns when BEFORE has. */
void idler_start(struct run *run, struct idler *idler);

/* Tell it to end. idler_gone() waits for that, without joining. */
void idler_release(struct idler *idler);
void idler_gone(struct idler *idler);

/* Release it and join it. */
void idler_end(struct idler *idler);

#endif
