/* suppress.h - findings that the user has looked at and wants no more of. */
#ifndef COHOOK_AUDIT_SUPPRESS_H
#define COHOOK_AUDIT_SUPPRESS_H

#include "audit/finding.h"

struct survey;
struct view;

/* suppress_by_comments - mark the findings of VIEW's list for which its sources say
 * "cohook-audit: ignore RULE: REASON" in a comment on the line or above it, or
 * "ignore-file". Comments that are not understood become *TROUBLE, NULL if all are. */
void suppress_by_comments(struct view *view, const char **trouble);

/* suppress_by_file - likewise for the lines "RULE PATTERN[:FUNCTION] REASON" of PATH.
 * NULL, or what is wrong with it. */
const char *suppress_by_file(struct finding_list *list, const char *path);

#endif
