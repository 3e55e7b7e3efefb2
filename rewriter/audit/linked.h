/* linked.h - the shared libraries that a program or library is linked to. */
#ifndef COHOOK_AUDIT_LINKED_H
#define COHOOK_AUDIT_LINKED_H

#include "argvec.h"
#include "audit/elfpart.h"

/* linked_libraries - push the paths of those that PART, which lies at PATH, needs by
 * itself; a name that is found nowhere goes to MISSING. */
void linked_libraries(const struct elfpart *part, const char *path,
	struct argvec *libraries, struct argvec *missing);

/* linked_is_libc - whether PATH is a library that belongs to libc. */
bool linked_is_libc(const char *path);

#endif
