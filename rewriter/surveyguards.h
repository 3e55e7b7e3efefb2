/* surveyguards.h - mutexes of the C++ library: who locks and unlocks them.
 *
 * Include <clang-c/Index.h> first. */
#ifndef COHOOK_SURVEYGUARDS_H
#define COHOOK_SURVEYGUARDS_H

#include "expression.h"

/* surveyguards_made - the mutexes that the variable CURSOR, a std::lock_guard or its kin,
 * unlocks at the end of its scope are added to those of WALK. How many of them it locks now:
 * the last ones. */
size_t surveyguards_made(struct survey_walk *walk, CXCursor cursor);

/* surveyguards_mutex - what FUNCTION, called by CALL, locks or unlocks, as its name says:
 * the text that names a mutex; NULL if it is no such function. */
const char *surveyguards_mutex(
	struct survey_walk *walk, CXCursor call, CXCursor function);

#endif
