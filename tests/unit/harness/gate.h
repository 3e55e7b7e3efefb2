/* gate.h - a thread of the calls under test that waits until it is let through. */
#ifndef HARNESS_GATE_H
#define HARNESS_GATE_H

#include "harness/mate.h"

struct gate {
	struct run *run;
	atomic_bool arrived, open, done;
	pthread_t thread;
};

/* Start a thread that waits at GATE; its value is GATE. */
void gate_start(struct run *run, struct gate *gate);

/* Let it through. */
void gate_open(struct gate *gate);

/* Let it through, and join it. */
void gate_finish(struct gate *gate);

#endif
