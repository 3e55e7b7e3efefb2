/* view.c - owns what every rule needs to know of a unit beside the bare facts.
 *
 * Which of the unit's functions an event names is found once, by their keys. Called by
 * judge and by the rules. */
#include "audit/view.h"

#include <stdlib.h>
#include <string.h>

#include "abspath.h"
#include "hooks.h"
#include "pool.h"
#include "unit.h"

struct named {
	const char *key;
	size_t function;
};

static int compare_keys(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static void resolve(struct view *view)
{
	const struct survey *survey = view->survey;
	struct named *table =
		pool_alloc(view->pool, (survey->nfunctions + 1) * sizeof *table);
	size_t count = 0;

	for (size_t i = 0; i < survey->nfunctions; i++) {
		const struct surveyed *function = &survey->functions[i];
		if (function->key)
			table[count++] = (struct named){function->key, i};
		for (size_t k = function->begin; k < function->end; k++)
			view->homes[k] = i;
	}
	qsort(table, count, sizeof *table, compare_keys);
	for (size_t i = 0; i < survey->nevents; i++) {
		struct named wanted = {survey->events[i].key, 0};
		struct named *found = wanted.key ? bsearch(&wanted, table, count,
							   sizeof *table, compare_keys)
						 : NULL;
		view->callees[i] = found ? found->function : NO_FUNCTION;
	}
}

void view_open(struct view *view, const struct rewrite_result *result,
	const struct foreign *foreign, struct finding_list *list)
{
	const struct survey *survey = result->survey;
	size_t room = survey->nevents + 1;

	*view = (struct view){
		.pool = result->pool,
		.result = result,
		.survey = survey,
		.foreign = foreign,
		.findings = list,
		.callees = pool_alloc(result->pool, room * sizeof *view->callees),
		.homes = pool_alloc(result->pool, room * sizeof *view->homes),
		.never = pool_alloc(result->pool, room * sizeof *view->never),
		.shown = pool_alloc(result->pool, room * sizeof *view->shown),
		.quiet = pool_alloc(result->pool, room * sizeof *view->quiet),
		.places = pool_alloc(
			result->pool, (survey->nfiles + 1) * sizeof *view->places),
	};
	for (size_t i = 0; i < survey->nfiles; i++)
		view->places[i] = abspath(result->pool, survey->files[i]);
	resolve(view);
}

static const struct {
	const char *name, *words;
	enum waits set;
} classes[] = {
	{"FD_IN", "for data", WAITS_IO},
	{"FD_OUT", "for room", WAITS_IO},
	{"READY", "for descriptors", WAITS_IO},
	{"NAME", "for a name service", WAITS_IO},
	{"FILE", "for a disk", WAITS_FILE},
	{"TIME", "for a point in time", WAITS_TIME},
	{"JOIN", "for the end of a thread", WAITS_THREAD},
	{"COND", "for another thread", WAITS_THREAD},
	{"LOCK", "for a lock", WAITS_LOCK},
	{"CHILD", "for a child process", WAITS_OTHER},
	{"SIGNAL", "for a signal", WAITS_OTHER},
	{"YIELD", "for nothing, but lets others run", WAITS_YIELD},
};

const char *view_class(const char *waits)
{
	for (size_t i = 0; waits && i < sizeof classes / sizeof *classes; i++)
		if (!strcmp(classes[i].name, waits))
			return classes[i].words;
	return "for nothing";
}

unsigned view_set(const char *waits)
{
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (!strcmp(classes[i].name, waits))
			return classes[i].set;
	return 0;
}

/* A message of the program's; it seldom waits, and then everybody's do. */
static bool is_message(const struct event *call)
{
	static const char *const names[] = {"printf", "vprintf", "puts", "putchar",
		"putchar_unlocked", "perror", "psignal", "wprintf", "vwprintf",
		"putwchar"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(call->name, names[i]))
			return true;
	for (size_t i = 0; i < call->narguments; i++)
		if (!strcmp(call->arguments[i].text, "stderr") ||
			!strcmp(call->arguments[i].text, "stdout"))
			return !strcmp(call->row->waits, "FD_OUT");
	return false;
}

bool view_takes_descriptor(const struct event *call)
{
	static const char *const names[] = {"read", "readv", "write", "writev", "recv",
		"recvfrom", "recvmsg", "recvmmsg", "send", "sendto", "sendmsg",
		"sendmmsg", "accept", "accept4", "connect"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(call->row->target, names[i]))
			return call->narguments > 0;
	return false;
}

unsigned view_waits(const struct view *view, size_t event)
{
	const struct event *call = &view->survey->events[event];

	if (call->kind != EVENT_CALL || !call->row || view->shown[event] ||
		view->quiet[event])
		return 0;
	/* Of syscall(2) only what is asked for tells: rule_direct. */
	if (!strcmp(call->name, "syscall"))
		return 0;
	unsigned set = view_set(call->row->waits);
	if (set && is_message(call))
		return WAITS_CONSOLE;
	return set == WAITS_IO && view_takes_descriptor(call) ? WAITS_FD : set;
}

size_t view_function(const struct view *view, const char *key)
{
	const struct survey *survey = view->survey;

	for (size_t i = 0; key && i < survey->nfunctions; i++)
		if (survey->functions[i].key && !strcmp(survey->functions[i].key, key))
			return i;
	return NO_FUNCTION;
}

struct place view_used(const struct view *view, const struct mark *mark)
{
	if (!mark->in_macro || mark->use_file == NO_FILE || mark->file == NO_FILE)
		return (struct place){0};
	return (struct place){
		view->places[mark->use_file], mark->use_line, mark->use_column};
}

struct place view_spelled(const struct view *view, const struct mark *mark)
{
	if (mark->file != NO_FILE)
		return (struct place){view->places[mark->file], mark->line, mark->column};
	if (mark->use_file == NO_FILE)
		return (struct place){"", 0, 0};
	return (struct place){
		view->places[mark->use_file], mark->use_line, mark->use_column};
}

struct finding *view_add(struct view *view, enum rule_id rule, size_t event)
{
	const struct event *at = &view->survey->events[event];
	struct finding *finding = finding_add(view->findings, rule);

	finding->spelled = view_spelled(view, &at->at);
	finding->used = view_used(view, &at->at);
	finding->function = view->survey->functions[view->homes[event]].name;
	finding->callee = at->kind == EVENT_CALL ? at->name : NULL;
	finding->waits = at->row ? at->row->waits : NULL;
	return finding;
}
