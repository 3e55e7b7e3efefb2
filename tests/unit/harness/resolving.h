/* resolving.h - what res_query and its kin have in common. */
#ifndef HARNESS_RESOLVING_H
#define HARNESS_RESOLVING_H

#include "harness/run.h"

#include <resolv.h>

/* What is asked: LABEL, a name in the domain "test". */
struct question {
	const char *label;
	int class, type;
	int room; /* for the answer */
};

struct resolving {
	/* The call under test. Those that take a state use STATE, the others have the
	 * thread's. */
	int (*ask)(const struct calls *calls, res_state state, const struct question *q,
		unsigned char *answer);
	bool takes_state;
	bool takes_message; /* one that was made of the question before */
};

enum { FULL_NAME = 400, MESSAGE = 512 };

/* The name with its domain, in TEXT, which has room for FULL_NAME bytes. */
const char *full_name(const struct question *q, char *text);

/* The message that asks Q, in MESSAGE bytes; its size. */
int make_message(const struct question *q, unsigned char *message);

void resolving_add(const struct resolving *verb);

#endif
