/* libclang.h - what unit, finder and targets, the only users of libclang, share of it.
 *
 * Include <clang-c/Index.h> first: nobody else may. */
#ifndef COHOOK_LIBCLANG_H
#define COHOOK_LIBCLANG_H

#include <stdbool.h>

#include "mark.h"
#include "unit.h"

/* The loaded library; fields have the names and types of its functions. */
struct libclang {
	void *handle;
#define FUNCTION(name) __typeof__(name) *name;
#include "libclang.def"
	const char *resource_dir; /* malloc'd */
};

/* libclang's side of a struct unit. */
struct parse {
	const struct libclang *clang;
	CXIndex index;
	CXTranslationUnit tu;
	CXFile *handles; /* of each of the unit's files */
};

/* A location as offsets; FILE is NO_FILE where the text is in no file. */
struct spot {
	size_t file;
	unsigned offset, line, column;
};

/* unit_spot_spelled, unit_spot_used - where a token stands in a text, and where the
 * outermost macro is expanded that it comes from (the same for a token that comes from
 * none). */
struct spot unit_spot_spelled(struct unit *unit, CXSourceLocation location);
struct spot unit_spot_used(struct unit *unit, CXSourceLocation location);

/* unit_mark - both. */
struct mark unit_mark(struct unit *unit, CXSourceLocation location);

/* unit_is_systems - whether the text at LOCATION belongs to the system. */
bool unit_is_systems(struct unit *unit, CXSourceLocation location);

/* unit_take - a string of libclang's as one in the unit's pool; never NULL. */
const char *unit_take(struct unit *unit, CXString string);

#endif
