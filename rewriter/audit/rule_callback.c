/* rule_callback.c - what waits and is handed to a library, which calls it by pointer.
 *
 * A function of the unit that comes to wait, or one of libc's that waits, as an argument
 * of a function that was not built with cohook. What libc takes and calls without a lock,
 * or in the end, is let pass; handlers of signals have a rule of their own. What is
 * handed over in a structure is not seen. Called by judge. */
#include <string.h>

#include "audit/reach.h"
#include "audit/rule.h"
#include "hooks.h"
#include "pool.h"

static bool is_harmless(const char *name)
{
	static const char *const names[] = {"qsort", "qsort_r", "bsearch", "lfind",
		"lsearch", "tsearch", "tfind", "tdelete", "twalk", "twalk_r", "tdestroy",
		"ftw", "nftw", "ftw64", "nftw64", "scandir", "scandir64", "scandirat",
		"scandirat64", "glob", "glob64", "atexit", "on_exit", "at_quick_exit",
		"pthread_atfork", "makecontext", "signal", "bsd_signal", "sigset",
		"__sysv_signal", "_pthread_cleanup_push", "_pthread_cleanup_push_defer"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* ROW is one of libc's. */
static void tell_libc(struct view *view, size_t event, const struct hook *row)
{
	struct finding *finding = view_add(view, RULE_CALLBACK, event);

	finding->waits = row->waits;
	finding->message =
		pool_printf(view->pool, "%s is given %s, which waits %s, to call",
			finding->callee, row->name, view_class(row->waits));
}

static void tell(struct view *view, struct reach *reach, size_t event, size_t function)
{
	const char *name = view->survey->functions[function].name;

	view_add(view, RULE_CALLBACK, event);
	size_t last = reach_tell_from(reach, view->findings, function);
	const struct event *wait = &view->survey->events[last];
	struct finding *finding = &view->findings->items[view->findings->count - 1];
	finding->waits = wait->row->waits;
	finding->message = pool_printf(view->pool,
		"%s is given %s to call, which comes to %s, which waits %s",
		finding->callee, name, wait->name, view_class(wait->row->waits));
}

static void look_at(struct view *view, struct reach *reach, size_t event, const char *key)
{
	const struct hook *row = hooks_find(key, strlen(key));
	size_t function = view_function(view, key);

	if (function != NO_FUNCTION) {
		if (reach_from(reach, function) != NO_EVENT)
			tell(view, reach, event, function);
	} else if (row && (view_set(row->waits) & WAITS_LONG)) {
		tell_libc(view, event, row);
	}
}

void rule_callback(struct view *view)
{
	struct reach reach;

	/* The callbacks of an event loop have non-blocking descriptors. */
	reach_open(&reach, view, view->nonblocking ? WAITS_LONG & ~WAITS_FD : WAITS_LONG);
	for (size_t i = 0; i < view->survey->nevents; i++) {
		const struct event *call = &view->survey->events[i];
		if (call->kind != EVENT_CALL || !call->name || call->row ||
			!call->system || is_harmless(call->name))
			continue;
		for (size_t k = 0; k < call->narguments; k++)
			if (call->arguments[k].function)
				look_at(view, &reach, i, call->arguments[k].function);
	}
}
