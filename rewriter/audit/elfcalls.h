/* elfcalls.h - who calls what in objects, by their relocations. */
#ifndef COHOOK_AUDIT_ELFCALLS_H
#define COHOOK_AUDIT_ELFCALLS_H

#include "audit/elfpart.h"

/* A function of an object, or one that objects only name. */
struct elfnode {
	const char *part; /* where it is; NULL: in none of the objects */
	const char *name;
	bool is_global;
	bool has_ledger; /* its part does */
};

struct elfedge {
	size_t from, to; /* nodes */
};

struct elfcalls {
	struct pool *pool; /* set by the user, all else zero at first */
	struct elfnode *nodes;
	size_t nnodes;
	struct elfedge *edges;
	size_t nedges;
};

/* elfcalls_add - the functions of PART, an object, and what each refers to. */
void elfcalls_add(struct elfcalls *calls, const struct elfpart *part, bool has_ledger);

/* elfcalls_resolve - let names that one object defines for the others be one node, and
 * sort the edges by where they lead. */
void elfcalls_resolve(struct elfcalls *calls);

/* elfcalls_into - the first of the edges that lead to NODE, and how many there are; valid
 * once they are sorted. */
size_t elfcalls_into(const struct elfcalls *calls, size_t node, size_t *count);

#endif
