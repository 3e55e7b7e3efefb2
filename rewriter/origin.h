/* origin.h - whose file is it: the system's or the user's. A matter of path, see
 * origin.c. */
#ifndef COHOOK_ORIGIN_H
#define COHOOK_ORIGIN_H

#include <stdbool.h>

/* Where system headers are beside the usual places; NULL where there is no such thing. */
struct origin {
	const char *sysroot;      /* as given by --sysroot or -isysroot */
	const char *resource_dir; /* of the parsing compiler */
	const char *libc;         /* the folder that libc's headers were found in */
	const char *const *args; /* flags, of which -internal-isystem names the compiler's
				    own folders */
};

/* origin_is_system - whether PATH, absolute and without "..", belongs to the system. */
bool origin_is_system(const struct origin *origin, const char *path);

/* origin_sysroot - the last sysroot that ARGS, flags that end in NULL, give; NULL if
 * there is none. */
const char *origin_sysroot(const char *const *args);

#endif
