/* variables.h - the thread-local variables that a unit declares, by their declarations.
 *
 * Include <clang-c/Index.h> first: part of the finder. */
#ifndef COHOOK_VARIABLES_H
#define COHOOK_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

struct findings;
struct libclang;
struct unit;

#define NO_VARIABLE ((size_t)-1)

struct variables {
	struct unit *unit;
	const struct libclang *clang;
	struct findings *findings; /* whose variables these are */
	bool wanted;               /* false: there are none */
};

/* variables_note - CURSOR, a declaration that is part of the TOPth of the user's, may be
 * one of a thread-local variable; IN_TEMPLATE if it may be several. */
void variables_note(
	struct variables *variables, CXCursor cursor, size_t top, bool in_template);

/* variables_resolve - the variable that a referenced declaration belongs to, as an index,
 * or NO_VARIABLE. */
size_t variables_resolve(struct variables *variables, CXCursor referenced);

#endif
