/* judge.c - has every rule look at a unit, in the order in which they build on each other.
 *
 * Called in a process of its own for each unit. */
#include "audit/judge.h"

#include "audit/document.h"
#include "audit/foreign.h"
#include "audit/rule.h"
#include "audit/suppress.h"

const char *judge_unit(struct document *document, const struct rewrite_result *result)
{
	static void (*const rules[])(struct view * view) = {rule_nonblocking, rule_sites,
		rule_direct, rule_foreign, rule_callback, rule_lock, rule_signal,
		rule_local, rule_thread, rule_deadline};
	struct foreign foreign;
	struct view view;

	const char *trouble = foreign_read(&foreign, result->pool);
	if (trouble)
		return trouble;
	view_open(&view, result, &foreign, &document->findings);
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		rules[i](&view);
	struct audited *unit = &document->units[document->nunits - 1];
	unit->deadlines = view.deadlines;
	unit->defines = view.defines;
	unit->ndefines = view.ndefines;
	suppress_by_comments(&view, &trouble);
	return trouble;
}
