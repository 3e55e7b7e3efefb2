/* rule_foreign.c - calls of other libraries' functions that are known to block.
 *
 * A function that the unit itself defines is not the library's; which of those others can
 * call is noted, for the report leaves calls of them out (gate). One that the configuration
 * maps has a site of its own. Called by judge. */
#include <string.h>

#include "audit/foreign.h"
#include "audit/rule.h"
#include "pool.h"

static bool has_site(const struct view *view, const struct finding *finding)
{
	for (size_t i = 0; i < view->result->nsites; i++) {
		const struct site *site = &view->result->sites[i];
		if (site->line == finding->spelled.line &&
			site->column == finding->spelled.column &&
			!strcmp(site->callee, finding->callee))
			return true;
	}
	return false;
}

static void note_defined(struct view *view)
{
	const struct survey *survey = view->survey;

	for (size_t i = 0; i < survey->nfunctions; i++) {
		const struct surveyed *function = &survey->functions[i];
		if (!function->external || !function->key ||
			!foreign_find(view->foreign, function->key))
			continue;
		view->defines = pool_grow(
			view->pool, view->defines, view->ndefines, sizeof *view->defines);
		view->defines[view->ndefines++] = function->key;
	}
}

void rule_foreign(struct view *view)
{
	note_defined(view);
	for (size_t i = 0; i < view->survey->nevents; i++) {
		const struct event *call = &view->survey->events[i];
		if (call->kind != EVENT_CALL || !call->name || call->row ||
			view->callees[i] != NO_FUNCTION)
			continue;
		const struct foreign_row *row = foreign_find(view->foreign, call->key);
		if (!row)
			continue;
		struct finding *finding = view_add(view, RULE_FOREIGN, i);
		if (has_site(view, finding)) {
			view->findings->count--;
			continue;
		}
		finding->verdict = FINDING_KEPT;
		finding->waits = row->waits;
		finding->reason = (struct reason){row->library,
			pool_printf(view->pool, "%s waits by itself", row->library)};
		finding->message = pool_printf(view->pool,
			"%s of %s waits %s by itself%s%s", row->name, row->library,
			view_class(row->waits), *row->advice ? "; " : "", row->advice);
	}
}
