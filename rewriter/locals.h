/* locals.h - what is to be done with the thread-local variables of a unit. Pure: facts in,
 * texts out. */
#ifndef COHOOK_LOCALS_H
#define COHOOK_LOCALS_H

#include <stddef.h>

#include "edit.h"
#include "finder.h"
#include "rewrite.h"

struct unit;

struct locals {
	struct edit *edits; /* of uses; no two of one place, in no order */
	size_t nedits;
	const char *declarations; /* what the unit needs besides; NULL if it is nothing */
	size_t top; /* ahead of which they must stand; valid if there are any */
	struct shared_variable *shared; /* those that stay the OS thread's */
	size_t nshared;
};

/* locals_plan - judge the variables of FINDINGS. LOCALS lives in the unit's pool. */
void locals_plan(struct locals *locals, const struct unit *unit,
	const struct findings *findings, const struct rewrite_request *request);

/* locals_may_declare - whether something may be declared ahead of TOP: its file is ours to
 * change, and is read once. */
bool locals_may_declare(const struct unit *unit, const struct toplevel *top);

#endif
