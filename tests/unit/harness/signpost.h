/* signpost.h - a condition variable with its mutex and state, and mates that wait for
 * it. */
#ifndef HARNESS_SIGNPOST_H
#define HARNESS_SIGNPOST_H

#include "harness/mate.h"

struct signpost {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	int tickets; /* each lets one through */
	int through;
	struct timespec until; /* for signpost_wait_until() */
};

/* CLOCK is what timed waits go by. */
void signpost_init(struct run *run, struct signpost *post, clockid_t clock);
void signpost_fini(struct run *run, struct signpost *post);

/* Acts of a mate, ARG the post: wait for a ticket and take it. OUTCOME is the error of
 * the last wait. */
void signpost_wait(struct mate *mate);
void signpost_wait_until(struct mate *mate);

/* Put up N tickets and wake one or all, by CALLS. */
void signpost_signal(const struct calls *calls, struct signpost *post, int n);
void signpost_broadcast(const struct calls *calls, struct signpost *post, int n);

#endif
