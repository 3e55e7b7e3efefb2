/* rule_thread.c - what would keep the processor from the other fibers of a thread.
 *
 * Only functions that threads run: those that pthread_create and thrd_create are given,
 * and what they call in the unit. A loop counts if it has no end that can be seen and
 * nothing in it waits or might; a call that is not of this unit nor of the system's
 * headers might. Called by judge. */
#include <string.h>

#include "audit/rule.h"
#include "audit/view.h"
#include "hooks.h"
#include "pool.h"

enum { QUIET = 1, MAY_WAIT = 2, WORKING = 3 };

struct threads {
	struct view *view;
	unsigned char *waits;  /* of each function: QUIET, MAY_WAIT; 0: not known yet */
	unsigned char *loops;  /* of each function: a loop was seen in it or below */
	unsigned char *looked; /* of each function: its loops were looked at */
};

static bool may_wait(struct threads *t, size_t function);

static bool call_may_wait(struct threads *t, size_t event)
{
	const struct event *call = &t->view->survey->events[event];
	size_t callee = t->view->callees[event];

	if (callee != NO_FUNCTION)
		return may_wait(t, callee);
	if (!call->name || !call->system)
		return true;
	return call->row && strcmp(call->row->waits, "STATE") != 0;
}

static bool range_may_wait(struct threads *t, size_t begin, size_t end)
{
	const struct event *events = t->view->survey->events;

	for (size_t i = begin; i < end; i++)
		if (events[i].kind == EVENT_ASM ||
			(events[i].kind == EVENT_CALL && call_may_wait(t, i)))
			return true;
	return false;
}

static bool may_wait(struct threads *t, size_t function)
{
	const struct surveyed *surveyed = &t->view->survey->functions[function];

	if (!t->waits[function]) {
		t->waits[function] = WORKING;
		t->waits[function] = range_may_wait(t, surveyed->begin, surveyed->end)
					     ? MAY_WAIT
					     : QUIET;
	}
	return t->waits[function] == MAY_WAIT;
}

/* The index behind the EVENT_END that belongs to the branch at BEGIN. */
static size_t end_of_branch(const struct view *view, size_t begin)
{
	const struct event *events = view->survey->events;
	size_t depth = 0, i = begin;

	do {
		depth += events[i].kind == EVENT_IF || events[i].kind == EVENT_LOOP ||
			 events[i].kind == EVENT_SWITCH;
		depth -= events[i].kind == EVENT_END;
		i++;
	} while (depth);
	return i;
}

/* Whether control leaves the loop from BEGIN to END by itself. */
static bool has_way_out(const struct view *view, size_t begin, size_t end)
{
	const struct event *events = view->survey->events;

	for (size_t i = begin + 1; i < end; i++) {
		if (events[i].kind == EVENT_LEAVE && strcmp(events[i].name, "continue"))
			return true;
		if (events[i].kind == EVENT_CALL && events[i].name &&
			strstr(events[i].name, "exit"))
			return true;
	}
	return false;
}

static void look_at_loop(struct threads *t, size_t begin)
{
	struct view *view = t->view;
	const struct event *loop = &view->survey->events[begin];
	size_t end = end_of_branch(view, begin);

	if (loop->loop == LOOP_BOUNDED || has_way_out(view, begin, end) ||
		range_may_wait(t, begin + 1, end))
		return;
	struct finding *finding = view_add(view, RULE_HOG, begin);
	finding->message = loop->loop == LOOP_SPINS
				   ? "the loop waits for a variable and lets nobody run "
				     "who could change it"
				   : "the loop has no end and no call that waits";
}

/* Looks at the loops of FUNCTION and of what it calls; whether there are any. */
static bool look_at(struct threads *t, size_t function)
{
	const struct surveyed *surveyed = &t->view->survey->functions[function];

	if (t->looked[function])
		return t->loops[function];
	t->looked[function] = 1;
	for (size_t i = surveyed->begin; i < surveyed->end; i++) {
		const struct event *event = &t->view->survey->events[i];
		if (event->kind == EVENT_LOOP) {
			t->loops[function] = 1;
			look_at_loop(t, i);
		} else if (event->kind == EVENT_CALL &&
			   t->view->callees[i] != NO_FUNCTION) {
			t->loops[function] |= look_at(t, t->view->callees[i]);
		}
	}
	return t->loops[function];
}

static bool has_hog(const struct view *view, const char *function)
{
	for (size_t i = 0; i < view->findings->count; i++) {
		const struct finding *finding = &view->findings->items[i];
		if (finding->rule == RULE_HOG && finding->function &&
			!strcmp(finding->function, function))
			return true;
	}
	return false;
}

static void look_at_start(struct threads *t, size_t event, const char *key)
{
	struct view *view = t->view;
	size_t start = view_function(view, key);

	if (start == NO_FUNCTION)
		return;
	const char *name = view->survey->functions[start].name;
	bool loops = look_at(t, start);
	if (!loops || may_wait(t, start) || has_hog(view, name))
		return;
	struct finding *finding = view_add(view, RULE_COMPUTES, event);
	finding->message = pool_printf(view->pool,
		"the thread of %s only computes: as a fiber it keeps its worker from all "
		"others",
		name);
	finding_relate(view->findings,
		view_spelled(view, &view->survey->functions[start].at),
		pool_printf(view->pool, "%s is here", name));
}

void rule_thread(struct view *view)
{
	size_t n = view->survey->nfunctions + 1;
	struct threads t = {
		.view = view,
		.waits = pool_alloc(view->pool, n),
		.loops = pool_alloc(view->pool, n),
		.looked = pool_alloc(view->pool, n),
	};

	for (size_t i = 0; i < view->survey->nevents; i++) {
		const struct event *call = &view->survey->events[i];
		if (call->kind != EVENT_CALL || !call->row)
			continue;
		if (!strcmp(call->name, "pthread_create") && call->narguments == 4)
			look_at_start(&t, i, call->arguments[2].function);
		if (!strcmp(call->name, "thrd_create") && call->narguments == 3)
			look_at_start(&t, i, call->arguments[1].function);
	}
}
