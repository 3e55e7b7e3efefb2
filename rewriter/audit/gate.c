/* gate.c - owns the comparison with an earlier report and the choice of what counts.
 *
 * What one unit alone cannot know is looked at here, too. Findings are the same if their fingerprints are: lines may move, functions may not.
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

static size_t folder_length(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? (size_t)(slash - path) : 0;
}

/* Whether a source in FINDING's folder sets deadlines: programs have files for such
 * things. */
static bool has_deadline(const struct document *document, const struct finding *finding)
{
	const char *path = finding->spelled.file;
	size_t length = folder_length(path);

	for (size_t i = 0; path && i < document->nunits; i++) {
		const struct audited *unit = &document->units[i];
		if (unit->deadlines && folder_length(unit->file) == length &&
			!strncmp(unit->file, path, length))
			return true;
	}
	return false;
}

/* Whether the function of a library that FINDING is about is one of a unit here: then the
 * library was looked at itself. */
static bool is_here(const struct document *document, const struct finding *finding)
{
	for (size_t i = 0; finding->callee && i < document->nunits; i++) {
		const struct audited *unit = &document->units[i];
		for (size_t k = 0; k < unit->ndefines; k++)
			if (!strcmp(unit->defines[k], finding->callee))
				return true;
	}
	return false;
}

static bool is_chosen(const struct document *document, const struct finding *finding,
	const struct rule_set *rules)
{
	if (!rules->has[finding->rule])
		return false;
	switch ((int)finding->rule) {
	case RULE_NO_DEADLINE:
		return !has_deadline(document, finding);
	case RULE_FOREIGN:
		return !is_here(document, finding);
	default:
		return true;
	}
}

void gate_choose(struct document *document, const struct rule_set *rules)
{
	struct finding_list *list = &document->findings;
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (is_chosen(document, &list->items[i], rules))
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
