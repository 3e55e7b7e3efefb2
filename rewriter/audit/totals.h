/* totals.h - how many of what a report has. */
#ifndef COHOOK_AUDIT_TOTALS_H
#define COHOOK_AUDIT_TOTALS_H

#include "audit/finding.h"

struct totals {
	size_t sites, rewritten, kept, without_mirror; /* as hooks.def has them */
	size_t rules[RULES]; /* all of them; those suppressed or known included */
	size_t suppressed, known;
};

struct totals totals_of(const struct finding_list *list);

/* totals_is_site - whether FINDING is the verdict on a name of hooks.def. */
bool totals_is_site(const struct finding *finding);

#endif
