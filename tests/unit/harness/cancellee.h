/* cancellee.h - a thread of the calls under test that another one asks to end. */
#ifndef HARNESS_CANCELLEE_H
#define HARNESS_CANCELLEE_H

#include "harness/mate.h"

struct cancellee {
	struct run *run;
	void (*live)(struct cancellee *me); /* before and after the request */
	atomic_bool ready;     /* LIVE may be asked to end now */
	atomic_bool requested; /* it has been */
	char steps[16];
	int n;
	pthread_t thread;
};

/* Start LIVE, ask it to end once it is ready, join it, and note how it ended and what it
 * did. */
void cancellee_run(struct run *run, void (*live)(struct cancellee *me));

/* For LIVE: say that it is ready, and wait for the request without a cancellation
 * point. */
void cancellee_await_request(struct cancellee *me);

/* For LIVE: note a step. */
void cancellee_step(struct cancellee *me, char step);

#endif
