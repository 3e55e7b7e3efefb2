/* adopt.h - the functions of the C++ library that a unit gets for itself. */
#ifndef COHOOK_ADOPT_H
#define COHOOK_ADOPT_H

#include <clang-c/Index.h>
#include <stdbool.h>
#include <stddef.h>

struct findings;
struct rewrite_request;
struct unit;

struct adopter {
	struct unit *unit;
	struct findings *findings;
	const struct rewrite_request *request;
	const char **glue; /* names of static functions that the others lead to */
	size_t nglue;
};

/* adopt_look - CURSOR, a child of PARENT in FILE, a header of the C++ library. */
void adopt_look(struct adopter *adopter, CXCursor cursor, CXCursor parent, size_t file);

/* adopt_close - forget the references in glue that nothing leads to. */
void adopt_close(struct adopter *adopter);

#endif
