/* totals.c - counts findings. Called by every format. */
#include "audit/totals.h"

bool totals_is_site(const struct finding *finding)
{
	return finding->rule == RULE_REWRITTEN || finding->rule == RULE_KEPT ||
	       finding->rule == RULE_NO_MIRROR;
}

struct totals totals_of(const struct finding_list *list)
{
	struct totals totals = {0};

	for (size_t i = 0; i < list->count; i++) {
		const struct finding *finding = &list->items[i];
		totals.rules[finding->rule]++;
		totals.sites += totals_is_site(finding);
		totals.suppressed += finding->suppressed != NULL;
		totals.known += finding->known;
	}
	totals.rewritten = totals.rules[RULE_REWRITTEN];
	totals.kept = totals.rules[RULE_KEPT];
	totals.without_mirror = totals.rules[RULE_NO_MIRROR];
	return totals;
}
