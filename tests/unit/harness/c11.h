/* c11.h - how C11's threads speak of errors, and threads that they make. */
#ifndef HARNESS_C11_H
#define HARNESS_C11_H

#include "harness/mate.h"

/* Note what a call under test gave, as "thrd_busy". Gives it. */
int status(struct run *run, const char *what, int value);

/* Make a thread through the calls under test, and join it: what it returned. */
thrd_t thread_start(struct run *run, thrd_start_t start, void *arg);
int thread_end(struct run *run, thrd_t thread);

/* A mutex and a condition variable with their state, and threads that wait for it. */
struct crossing {
	struct run *run;
	mtx_t mutex;
	cnd_t cond;
	int tickets; /* each lets one through */
	int through;
	struct spot spot; /* of the latest to come */
};

void crossing_init(struct run *run, struct crossing *crossing);
void crossing_fini(struct run *run, struct crossing *crossing);
/* Have one more thread wait for a ticket, and see it wait. */
thrd_t crossing_come(struct run *run, struct crossing *crossing);
/* Put up N tickets and wake by WAKE, one of the calls. */
void crossing_wake(
	struct run *run, struct crossing *crossing, int n, int (*wake)(cnd_t *cond));

#endif
