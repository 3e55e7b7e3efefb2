/* rule_sites.c - the plan's verdict on every name of hooks.def, as findings.
 *
 * A site and the call of the survey are one if they are at one place; then what
 * rule_nonblocking has seen is said with it. Called by judge. */
#include <stdlib.h>
#include <string.h>

#include "abspath.h"
#include "audit/rule.h"
#include "hooks.h"
#include "pool.h"
#include "unit.h"

static bool is_watched(const struct site *site)
{
	const struct hook *row = hooks_find(site->callee, strlen(site->callee));

	return row && row->kind == HOOK_WATCH;
}

static enum rule_id rule_of(const struct site *site)
{
	if (site->verdict == VERDICT_REWRITTEN)
		return RULE_REWRITTEN;
	return is_watched(site) ? RULE_NO_MIRROR : RULE_KEPT;
}

static bool is_at(
	const struct view *view, const struct event *event, const struct site *site)
{
	const struct mark *at = &event->at;

	return at->file != NO_FILE && at->line == site->line &&
	       at->column == site->column && !strcmp(event->name, site->callee) &&
	       !strcmp(view->survey->files[at->file], site->file) &&
	       (!site->use_file || (at->use_line == site->use_line &&
					   at->use_column == site->use_column));
}

static void show_nonblocking(
	struct view *view, struct finding *finding, const struct site *site)
{
	for (size_t i = 0; i < view->survey->nevents; i++) {
		if (!view->shown[i] || !is_at(view, &view->survey->events[i], site))
			continue;
		struct place at = view_spelled(view, &view->never[i]);
		finding->reason = reason_make(view->pool,
			at.line == finding->spelled.line ? TEXT_NONBLOCKING
							 : TEXT_NONBLOCKING_BY,
			view->shown[i], at.line);
		return;
	}
}

static const char *message_of(struct pool *pool, const struct finding *finding)
{
	const char *what = finding->is_address ? "The address of " : "";

	switch (finding->rule) {
	case RULE_REWRITTEN:
		return pool_printf(pool, "%s%s is the mirror's%s%s", what,
			finding->callee, finding->reason.text ? "; it " : "",
			finding->reason.text ? finding->reason.text : "");
	case RULE_KEPT:
		return pool_printf(pool, "%s%s stays libc's: %s", what, finding->callee,
			finding->reason.text);
	default:
		return pool_printf(pool, "%s%s blocks and has no mirror: %s", what,
			finding->callee, finding->reason.text);
	}
}

static void add_site(struct view *view, const struct site *site)
{
	struct finding *finding = finding_add(view->findings, rule_of(site));
	struct pool *pool = view->pool;

	finding->verdict =
		site->verdict == VERDICT_REWRITTEN ? FINDING_REWRITTEN : FINDING_KEPT;
	finding->spelled =
		(struct place){abspath(pool, site->file), site->line, site->column};
	if (site->use_file)
		finding->used = (struct place){
			abspath(pool, site->use_file), site->use_line, site->use_column};
	finding->function = site->function;
	finding->callee = site->callee;
	finding->waits = site->waits;
	finding->is_address = !site->is_call;
	finding->reason = site->reason;
	if (!site->reason.word && site->is_call)
		show_nonblocking(view, finding, site);
	finding->message = message_of(pool, finding);
}

void rule_sites(struct view *view)
{
	for (size_t i = 0; i < view->result->nsites; i++)
		add_site(view, &view->result->sites[i]);
}
