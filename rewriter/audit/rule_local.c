/* rule_local.c - thread-local variables that fibers share: each of them, and where one
 * function uses it on both sides of a wait.
 *
 * Where threads are fibers most of them are each fiber's own, and no concern.
 * The order is that of the text; a use behind a wait that comes first again in a loop is
 * not seen. One finding for each variable and function, at the wait. Called by judge. */
#include <string.h>

#include "abspath.h"
#include "audit/reach.h"
#include "audit/rule.h"
#include "hooks.h"
#include "pool.h"

struct locals {
	struct view *view;
	struct reach reach;
};

static size_t next_park(struct locals *l, size_t from, size_t end)
{
	for (; from < end; from++) {
		if (l->view->survey->events[from].kind != EVENT_CALL)
			continue;
		size_t callee = l->view->callees[from];
		if ((view_waits(l->view, from) & WAITS_PARKS) ||
			(callee != NO_FUNCTION &&
				reach_from(&l->reach, callee) != NO_EVENT))
			return from;
	}
	return end;
}

static bool is_use(const struct event *event, const char *name)
{
	return event->kind == EVENT_LOCAL && !strcmp(event->name, name);
}

static size_t next_use(struct locals *l, const char *name, size_t from, size_t end)
{
	while (from < end && !is_use(&l->view->survey->events[from], name))
		from++;
	return from;
}

static void tell(struct locals *l, size_t before, size_t park, size_t after)
{
	struct view *view = l->view;
	const struct event *events = view->survey->events;
	const char *name = events[before].name;
	struct finding *finding = view_add(view, RULE_THREAD_LOCAL, park);

	finding->message = pool_printf(view->pool,
		"other fibers may change the thread-local %s while %s waits", name,
		events[park].name);
	finding_relate(view->findings, view_spelled(view, &events[before].at),
		pool_printf(view->pool, "%s is used before", name));
	finding_relate(view->findings, view_spelled(view, &events[after].at),
		pool_printf(view->pool, "%s is used after", name));
	if (!(view_waits(view, park) & WAITS_PARKS))
		reach_tell(&l->reach, view->findings, park);
}

static void look_at(struct locals *l, size_t first, const struct surveyed *function)
{
	const struct event *events = l->view->survey->events;
	const char *name = events[first].name;

	for (size_t i = function->begin; i < first; i++)
		if (is_use(&events[i], name))
			return; /* that one was looked at */
	size_t before = first, park = next_park(l, first, function->end);
	size_t after = next_use(l, name, park, function->end);
	if (after == function->end)
		return;
	for (size_t i = first; i < park; i++)
		if (is_use(&events[i], name))
			before = i;
	tell(l, before, park, after);
}

static bool is_own(const struct rewrite_result *result, const char *name)
{
	for (size_t i = 0; i < result->nshared; i++)
		if (!strcmp(result->shared[i].name, name))
			return false;
	return result->own_locals;
}

static void tell_shared(struct view *view, const struct shared_variable *shared)
{
	struct finding *finding = finding_add(view->findings, RULE_SHARED_LOCAL);

	finding->spelled =
		(struct place){abspath(view->pool, shared->file), shared->line, 0};
	finding->message = pool_printf(view->pool,
		"the fibers of an OS thread share %s (%s)", shared->name, shared->why);
}

void rule_local(struct view *view)
{
	for (size_t i = 0; i < view->result->nshared; i++)
		tell_shared(view, &view->result->shared[i]);

	const struct survey *survey = view->survey;
	struct locals l = {.view = view};

	reach_open(&l.reach, view, WAITS_PARKS);
	for (size_t i = 0; i < survey->nfunctions; i++) {
		const struct surveyed *function = &survey->functions[i];
		for (size_t k = function->begin; k < function->end; k++)
			if (survey->events[k].kind == EVENT_LOCAL &&
				!is_own(view->result, survey->events[k].name))
				look_at(&l, k, function);
	}
}
