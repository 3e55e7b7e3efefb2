/* rule_signal.c - waits that a handler of a signal can reach.
 *
 * Handlers are the functions of the unit that signal(2), sigaction(2) or an initializer
 * of struct sigaction names. Called by judge. */
#include <string.h>

#include "audit/reach.h"
#include "audit/rule.h"
#include "hooks.h"
#include "pool.h"

struct handlers {
	struct view *view;
	unsigned char *seen; /* of each function: its calls have been looked at */
	const char *handler; /* whose calls are being looked at */
	struct mark set_at;
};

static void tell(struct handlers *h, size_t event)
{
	struct view *view = h->view;
	const struct event *call = &view->survey->events[event];
	struct finding *finding = view_add(view, RULE_SIGNAL, event);
	const char *function = finding->function;

	finding->message = pool_printf(view->pool, "%s waits %s in %s%s%s", call->name,
		view_class(call->row->waits),
		function && !strcmp(function, h->handler) ? "the handler "
							  : "what the handler ",
		h->handler, function && !strcmp(function, h->handler) ? "" : " calls");
	finding_relate(view->findings, view_spelled(view, &h->set_at),
		pool_printf(view->pool, "%s becomes a handler here", h->handler));
}

static void look_at(struct handlers *h, size_t function)
{
	const struct surveyed *surveyed = &h->view->survey->functions[function];

	if (h->seen[function])
		return;
	h->seen[function] = 1;
	for (size_t i = surveyed->begin; i < surveyed->end; i++) {
		const struct event *call = &h->view->survey->events[i];
		if (call->kind != EVENT_CALL)
			continue;
		if (view_waits(h->view, i) & WAITS_BLOCKS)
			tell(h, i);
		if (h->view->callees[i] != NO_FUNCTION)
			look_at(h, h->view->callees[i]);
	}
}

static void look_at_handler(
	struct handlers *h, const char *key, const struct mark *set_at)
{
	size_t function = view_function(h->view, key);

	if (function == NO_FUNCTION)
		return;
	h->handler = h->view->survey->functions[function].name;
	h->set_at = *set_at;
	look_at(h, function);
}

static bool sets_handler(const struct event *call)
{
	static const char *const names[] = {
		"signal", "bsd_signal", "__sysv_signal", "sigset"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (call->name && call->system && call->narguments == 2 &&
			!strcmp(call->name, names[i]))
			return true;
	return false;
}

void rule_signal(struct view *view)
{
	struct handlers h = {.view = view,
		.seen = pool_alloc(view->pool, view->survey->nfunctions + 1)};

	for (size_t i = 0; i < view->survey->nevents; i++) {
		const struct event *event = &view->survey->events[i];
		if (event->kind == EVENT_HANDLER)
			look_at_handler(&h, event->key, &event->at);
		else if (event->kind == EVENT_CALL && sets_handler(event))
			look_at_handler(&h, event->arguments[1].function, &event->at);
	}
}
