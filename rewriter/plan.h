/* plan.h - what is to be done with every reference. Pure: facts in, verdicts out. */
#ifndef COHOOK_PLAN_H
#define COHOOK_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "finder.h"
#include "reason.h"
#include "rewrite.h"

struct locals;
struct unit;

/* How a use of libc's function becomes a use of the mirror. */
enum means {
	MEANS_EDIT,    /* its text is changed */
	MEANS_RELABEL, /* the name gets the mirror's symbol, in all of the unit */
	MEANS_ALIAS, /* the function that it is in has a local of that name, which is the
			mirror */
};

struct decision {
	enum verdict verdict;
	struct reason reason; /* why it is kept; none if only its type is used */
	enum means means;   /* valid if it is rewritten */
};

enum wish_kind {
	WISH_MIRROR,  /* declare the mirror, ahead of TOP at the latest */
	WISH_RELABEL, /* give libc's name the mirror's symbol, ahead of TOP at the latest
		       */
	WISH_ALIAS,   /* in the function TOP, make the name a local that is the mirror */
};

struct wish {
	enum wish_kind kind;
	size_t target;
	size_t top; /* index of the declaration at file scope */
};

struct plan {
	struct decision *decisions; /* one for each reference; void for those that are not
				       evaluated */
	struct wish *wishes;        /* in the order of the targets */
	size_t nwishes;
	const struct locals *locals; /* of the thread-local variables, or NULL */
	const char *tag; /* of the functions that are adopted; NULL if none are */
};

/* plan_make - judge FINDINGS. Reads UNIT's files (names, flags and texts), nothing of
 * libclang's, and of REQUEST the configuration and the mode of threads. The plan lives in
 * the unit's pool. */
void plan_make(struct plan *plan, const struct unit *unit,
	const struct findings *findings, const struct rewrite_request *request);

#endif
