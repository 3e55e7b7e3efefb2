/* scenario.h - a suite of scenarios, each run through libc and through the mirrors and
 * compared.
 *
 * A scenario is a function of a struct run. It runs in up to three settings (see enum
 * mode), each in a process of its own; what it records must be the same in all. */
#ifndef HARNESS_SCENARIO_H
#define HARNESS_SCENARIO_H

#include <stddef.h>

struct run;

struct scenario {
	const char *name; /* what happens, in words */
	void (*body)(struct run *run);
	int kind;  /* for BODY: what sort of descriptor, see pair.h; 0 if it has no use for that */
	int modes; /* 0: all */
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Add scenarios to the suite of this program. VERB reaches them as run->verb. */
void suite_add(const struct scenario *scenarios, size_t n, const void *verb);

/* Run them all; the exit status of main(). */
int suite_run(const char *name);

#endif
