/* backend.h - the compiler behind the wrapper: which program, and how to start it. */
#ifndef COHOOK_BACKEND_H
#define COHOOK_BACKEND_H

#include "argvec.h"
#include "settings.h"

struct backend {
	const char *program; /* path to execute */
	struct argvec words; /* how its command line begins: a launcher, the compiler,
				arguments */
};

/* backend_find - from our name, COHOOK_CC or the default. NULL, or why there is none. */
const char *backend_find(const struct settings *settings, struct backend *backend);

/* backend_search - the first executable NAME of PATH that is not this program; NULL if
 * there is none. A name with a slash is taken as it is. */
const char *backend_search(const char *name);

/* backend_identity - a line that changes when one of the programs of its command line is
 * replaced. */
const char *backend_identity(const struct backend *backend);

#endif
