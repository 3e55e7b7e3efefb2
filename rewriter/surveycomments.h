/* surveycomments.h - comments with "cohook-audit:" in them. */
#ifndef COHOOK_SURVEYCOMMENTS_H
#define COHOOK_SURVEYCOMMENTS_H

struct pool;
struct survey;
struct unit;

/* surveycomments_find - add those of UNIT's own files to SURVEY, from POOL. */
void surveycomments_find(
	struct survey *survey, const struct unit *unit, struct pool *pool);

#endif
