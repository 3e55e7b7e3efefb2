/* reach.c - a search in depth over the calls of a unit, each function once.
 *
 * A function that is in the middle of being looked at counts as one that does not get
 * there: some other way out of the circle will tell. Called by the rules. */
#include "audit/reach.h"

#include "pool.h"

void reach_open(struct reach *reach, const struct view *view, unsigned set)
{
	size_t n = view->survey->nfunctions + 1;

	*reach = (struct reach){
		.view = view,
		.set = set,
		.witnesses = pool_alloc(view->pool, n * sizeof *reach->witnesses),
		.seen = pool_alloc(view->pool, n),
	};
	for (size_t i = 0; i < n; i++)
		reach->witnesses[i] = NO_EVENT;
}

static bool gets_there(struct reach *reach, size_t event)
{
	if (reach->view->survey->events[event].kind != EVENT_CALL)
		return false;
	if (view_waits(reach->view, event) & reach->set)
		return true;
	size_t callee = reach->view->callees[event];
	return callee != NO_FUNCTION && reach_from(reach, callee) != NO_EVENT;
}

size_t reach_from(struct reach *reach, size_t function)
{
	const struct surveyed *surveyed = &reach->view->survey->functions[function];

	if (reach->seen[function])
		return reach->witnesses[function];
	reach->seen[function] = 1;
	for (size_t i = surveyed->begin; i < surveyed->end; i++) {
		if (gets_there(reach, i)) {
			reach->witnesses[function] = i;
			break;
		}
	}
	return reach->witnesses[function];
}

size_t reach_tell(struct reach *reach, struct finding_list *list, size_t event)
{
	return reach_tell_from(reach, list, reach->view->callees[event]);
}

size_t reach_tell_from(struct reach *reach, struct finding_list *list, size_t function)
{
	const struct view *view = reach->view;
	size_t callee = function, event = NO_EVENT;

	while (callee != NO_FUNCTION) {
		event = reach_from(reach, callee);
		const struct event *next = &view->survey->events[event];
		finding_relate(list, view_spelled(view, &next->at),
			pool_printf(view->pool, "%s calls %s",
				view->survey->functions[callee].name, next->name));
		callee = view_waits(view, event) & reach->set ? NO_FUNCTION
							      : view->callees[event];
	}
	return event;
}
