/* joining.h - what pthread_timedjoin_np and pthread_clockjoin_np have in common. */
#ifndef HARNESS_JOINING_H
#define HARNESS_JOINING_H

#include "harness/run.h"

#include <pthread.h>
#include <time.h>

struct joining {
	/* The call under test. */
	int (*join)(const struct calls *calls, pthread_t thread, void **value,
		const struct timespec *until);
	clockid_t clock; /* that it goes by */
};

void joining_add(const struct joining *verb);

#endif
