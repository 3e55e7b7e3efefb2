/* condition.h - the conditions under which a call is made on pairs of every kind. */
#ifndef CONFORMANCE_CONDITION_H
#define CONFORMANCE_CONDITION_H

#include "point.h"

#include <stddef.h>

struct condition {
	const char *name;
	void (*body)(struct run *run);
	int kinds;
	int without, with; /* traits of the calls that it is for */
	int modes;
};

/* One call, in one of its forms. */
struct form {
	const char *call, *how;
	int kinds, traits;
	const void *verb; /* the body's */
};

/* Add the points of FORM under those of the COUNT conditions that suit it. */
void conditions_add(struct form form, const struct condition *conditions, size_t count);

#endif
