/* headerpath.h - what compiler flags say about where headers are and which macros there
 * are. */
#ifndef COHOOK_HEADERPATH_H
#define COHOOK_HEADERPATH_H

#include <stdbool.h>
#include <stddef.h>

struct pool;

struct header_folder {
	const char *path;
	bool quoted_only; /* from -iquote */
	bool systems;     /* has headers of the system; the prefilter's to say */
};

struct headerpath {
	struct pool *pool;
	struct header_folder *folders; /* in the order of the search */
	size_t nfolders;
	const char **forced; /* from -include and -imacros */
	size_t nforced;
	const char **defines; /* what stands behind -D */
	size_t ndefines;
	bool doubt; /* a flag was met that this does not understand */
};

/* headerpath_read - fill PATH, zeroed but for its pool, from ARGS (which end in NULL) and
 * from the environment of compilers (CPATH and its kin). */
void headerpath_read(struct headerpath *path, const char *const *args);

#endif
