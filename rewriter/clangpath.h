/* clangpath.h - where libclang may be, and what belongs to it. */
#ifndef COHOOK_CLANGPATH_H
#define COHOOK_CLANGPATH_H

#include <stddef.h>

struct pool;

/* clangpath_candidates - what to give to dlopen(3), best first, NULL at the end. What the
 * user says in COHOOK_LIBCLANG is then the only one. Strings and list are from POOL. */
const char **clangpath_candidates(struct pool *pool);

/* clangpath_resource_dir - the folder of the builtin headers that belong to LIBRARY, a
 * path, of VERSION; from malloc(), NULL if they are not installed. */
char *clangpath_resource_dir(const char *library, unsigned version);

#endif
