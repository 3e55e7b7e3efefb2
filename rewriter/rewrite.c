/* rewrite.c - leads one source through the stages: prefilter, recall, unit, finder, plan,
 * edit.
 *
 * Owns nothing but the result: all that the stages make lives in the result's pool.
 * Called by the wrapper for every source and by the audit. */
#include "rewrite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "abspath.h"
#include "config.h"
#include "edit.h"
#include "finder.h"
#include "hooks.h"
#include "ledger.h"
#include "locals.h"
#include "plan.h"
#include "pool.h"
#include "prefilter.h"
#include "recall.h"
#include "survey.h"
#include "unit.h"

static const char *file_name(const struct unit *unit, size_t file)
{
	return file == NO_FILE ? NULL : unit->files[file].name;
}

static struct site make_site(struct rewrite_result *result, const struct unit *unit,
	const struct findings *found, const struct reference *reference,
	const struct decision *decision)
{
	const struct target *target = &found->targets[reference->target];
	bool nowhere = reference->at.file == NO_FILE;
	const char *file =
		file_name(unit, nowhere ? reference->at.use_file : reference->at.file);
	struct site site = {
		.file = pool_string(result->pool, file ? file : ""),
		.line = nowhere ? reference->at.use_line : reference->at.line,
		.column = nowhere ? reference->at.use_column : reference->at.column,
		.offset = (unsigned)(nowhere ? reference->at.use_offset
					     : reference->at.offset),
		.function = reference->function,
		.callee = target->name,
		.waits = target->row->waits,
		.is_call = reference->is_call,
		.verdict = decision->verdict,
		.reason = decision->reason,
	};

	if (reference->at.in_macro && !nowhere) {
		const char *use_file = file_name(unit, reference->at.use_file);
		site.use_file = use_file ? pool_string(result->pool, use_file) : NULL;
		site.use_line = reference->at.use_line;
		site.use_column = reference->at.use_column;
	}
	return site;
}

static int compare_numbers(unsigned x, unsigned y)
{
	return (x > y) - (x < y);
}

static int by_place(const void *a, const void *b)
{
	const struct site *x = a, *y = b;
	int order = strcmp(x->file, y->file);

	if (!order)
		order = compare_numbers(x->line, y->line);
	if (!order)
		order = compare_numbers(x->column, y->column);
	if (!order && x->use_file && y->use_file)
		order = strcmp(x->use_file, y->use_file);
	if (!order)
		order = compare_numbers(x->use_line, y->use_line);
	if (!order)
		order = compare_numbers(x->use_column, y->use_column);
	return order ? order : strcmp(x->callee, y->callee);
}

/* A macro that uses its argument twice, or a header that is included twice, makes one
 * site. */
static void drop_repetitions(struct rewrite_result *result)
{
	size_t kept = 0;

	for (size_t i = 0; i < result->nsites; i++) {
		if (!kept || by_place(&result->sites[kept - 1], &result->sites[i]))
			result->sites[kept++] = result->sites[i];
	}
	result->nsites = kept;
}

/* What C++ programs include has calls of its own, of threads above all, whether they are
 * used or not: two dozen for <string>. */
static bool is_of_interest(const struct unit *unit, const struct reference *reference)
{
	return !reference->unevaluated && !(unit->cxx && reference->top == NO_FILE);
}

static void list_sites(struct rewrite_result *result, const struct unit *unit,
	const struct findings *found, const struct plan *plan)
{
	for (size_t i = 0; i < found->nreferences; i++) {
		const struct reference *reference = &found->references[i];
		if (!is_of_interest(unit, reference))
			continue;
		result->sites = pool_grow(result->pool, result->sites, result->nsites,
			sizeof *result->sites);
		result->sites[result->nsites++] =
			make_site(result, unit, found, reference, &plan->decisions[i]);
	}
	if (result->nsites)
		qsort(result->sites, result->nsites, sizeof *result->sites, by_place);
	drop_repetitions(result);
}

static void note_kept_files(const struct rewrite_request *request, struct unit *unit)
{
	for (size_t i = 0; request->config && i < unit->nfiles; i++) {
		struct unit_file *file = &unit->files[i];
		if (request->excluded)
			file->kept = request->excluded;
		else if (i && !file->system)
			file->kept = config_keeps_file(request->config, unit->pool,
				abspath(unit->pool, file->name));
	}
}

static void list_shared(struct rewrite_result *result, const struct locals *locals)
{
	struct pool *pool = result->pool;

	result->shared = pool_alloc(pool, (locals->nshared + 1) * sizeof *result->shared);
	for (size_t i = 0; i < locals->nshared; i++)
		result->shared[i] = (struct shared_variable){
			.file = pool_string(pool, locals->shared[i].file),
			.line = locals->shared[i].line,
			.name = pool_string(pool, locals->shared[i].name),
			.why = pool_string(pool, locals->shared[i].why),
		};
	result->nshared = locals->nshared;
}

static void rewrite(const struct rewrite_request *request, struct rewrite_result *result,
	struct unit *unit)
{
	struct edit_list list = {.pool = result->pool};
	const struct edit_style style = {.checked = request->fortified,
		.gcc = request->gcc,
		.pedantic = request->pedantic};
	struct findings found;
	struct locals locals;
	struct plan plan;

	finder_find(unit, request, &found);
	note_kept_files(request, unit);
	plan_make(&plan, unit, &found, request);
	locals_plan(&locals, unit, &found, request);
	plan.locals = &locals;
	edit_list_make(&list, unit, &found, &plan, style);
	list_shared(result, &locals);
	result->own_locals =
		request->threads == THREADS_FIBER && request->tls != TLS_SHARED;
	result->library = plan.tag != NULL;
	result->locals = locals.nedits > 0;
	list_sites(result, unit, &found, &plan);
	if (request->survey) {
		result->survey = pool_alloc(result->pool, sizeof *result->survey);
		survey_make(result->survey, unit, result->pool);
	}
	if (list.count && request->ledger)
		ledger_add(&list, request, unit, &found, result);
	result->nfiles = edit_files(&list, unit, &result->files);
}

static int parse(const struct rewrite_request *request, struct rewrite_result *result,
	struct recall *recall)
{
	const char *trouble = NULL;
	struct unit unit;

	int err = unit_open(&unit, request, result->pool, &trouble);
	if (err) {
		result->trouble = pool_string(result->pool, trouble);
		return err;
	}
	rewrite(request, result, &unit);
	recall_keep(recall, &unit, result);
	unit_close(&unit);
	return 0;
}

static enum prefilter_answer look(
	const struct rewrite_request *request, struct filter **more)
{
	if (!request->prefilter)
		return PREFILTER_HIT;
	return request->excluded ? PREFILTER_NOTHING : prefilter_look(request, more);
}

int rewrite_unit(const struct rewrite_request *request, struct rewrite_result *result)
{
	struct filter *more = NULL;
	struct recall recall;
	int err = 0;

	*result = (struct rewrite_result){.pool = pool_new()};
	enum prefilter_answer answer = look(request, &more);
	if (answer == PREFILTER_NOTHING)
		return 0;
	recall_open(&recall, request, result->pool);
	bool found = recall_find(&recall, result);
	if (more && found)
		prefilter_forget(more);
	if (!found && (!more || prefilter_look_closer(more)))
		err = parse(request, result, &recall);
	recall_close(&recall);
	return err;
}

void rewrite_free(struct rewrite_result *result)
{
	pool_free(result->pool);
	*result = (struct rewrite_result){0};
}
