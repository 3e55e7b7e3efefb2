/* foreign.h - functions of other libraries that block: shared lists and the user's. */
#ifndef COHOOK_AUDIT_FOREIGN_H
#define COHOOK_AUDIT_FOREIGN_H

#include <stddef.h>

struct pool;

struct foreign_row {
	const char *name;
	const char *waits;   /* a class of hooks.def */
	const char *library; /* "libpq" */
	const char *advice;  /* what to call instead; "" if nothing is said */
};

struct foreign {
	struct foreign_row *rows; /* sorted by name */
	size_t count;
};

/* foreign_read - the list that comes with cohook and then those of COHOOK_FOREIGN, paths
 * with colons between; a later row counts. All of it lives in POOL. NULL, or what is
 * wrong with one of them. */
const char *foreign_read(struct foreign *foreign, struct pool *pool);

const struct foreign_row *foreign_find(const struct foreign *foreign, const char *name);

#endif
