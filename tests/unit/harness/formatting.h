/* formatting.h - what the calls of the printf family have in common beyond writing. */
#ifndef HARNESS_FORMATTING_H
#define HARNESS_FORMATTING_H

#include "harness/writing.h"

struct formatting {
	struct writing writing; /* by "%.*s" */
	/* The call under test, with three arguments for FORMAT. */
	int (*print)(struct run *run, FILE *fp, const char *format, const char *text,
		int number, void *last);
};

/* Add the shared scenarios for VERB to the suite, those for writing among them. */
void formatting_add(const struct formatting *verb);

#endif
