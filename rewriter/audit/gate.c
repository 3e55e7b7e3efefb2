/* gate.c - owns the comparison with an earlier report and the choice of what counts.
 *
 * Findings are the same if their fingerprints are: lines may move, functions may not.
 * Called by the audit's command, when findings are sorted. */
#include "audit/gate.h"

#include <stdlib.h>
#include <string.h>

#include "audit/gather.h"
#include "pool.h"

static int compare_prints(const void *a, const void *b)
{
	return strcmp(a, b);
}

typedef char print[FINGERPRINT_LENGTH + 1];

const char *gate_baseline(struct document *document, const char *path)
{
	struct document before;

	document_init(&before);
	const char *trouble = gather_file(&before, path);
	size_t count = before.findings.count;
	print *prints = calloc(count + 1, sizeof *prints);
	for (size_t i = 0; prints && i < count; i++)
		memcpy(prints[i], before.findings.items[i].fingerprint, sizeof *prints);
	if (prints)
		qsort(prints, count, sizeof *prints, compare_prints);
	for (size_t i = 0; prints && i < document->findings.count; i++) {
		struct finding *finding = &document->findings.items[i];
		finding->known = bsearch(finding->fingerprint, prints, count,
			sizeof *prints, compare_prints);
	}
	free(prints);
	document->compared = true;
	if (trouble)
		trouble = pool_string(document->pool, trouble);
	document_fini(&before);
	return trouble;
}

void gate_choose(struct document *document, const struct rule_set *rules)
{
	struct finding_list *list = &document->findings;
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (rules->has[list->items[i].rule])
			list->items[kept++] = list->items[i];
	list->count = kept;
}

size_t gate_fails(const struct document *document, const struct rule_set *rules)
{
	size_t count = 0;

	for (size_t i = 0; i < document->findings.count; i++) {
		const struct finding *finding = &document->findings.items[i];
		count += rules->has[finding->rule] && finding_counts(finding) &&
			 rules_at(finding->rule)->level != LEVEL_NONE;
	}
	return count;
}
