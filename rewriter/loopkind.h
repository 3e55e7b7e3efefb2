/* loopkind.h - loops that may have no end.
 *
 * Include <clang-c/Index.h> first. */
#ifndef COHOOK_LOOPKIND_H
#define COHOOK_LOOPKIND_H

#include "expression.h"

/* loopkind_of - of the loop CURSOR with CONDITION. */
enum loop_kind loopkind_of(struct survey_walk *walk, CXCursor cursor, CXCursor condition);

/* loopkind_lacks_condition - whether between the semicolons of the `for` at TEXT there is
 * nothing. */
bool loopkind_lacks_condition(const char *text);

#endif
