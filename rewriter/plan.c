/* plan.c - decides for every reference whether it is rewritten, and if not, says why.
 *
 * Three steps. What the user, the table or the kind of the file forbids is kept. Uses
 * that share one text share its fate, so that what is kept keeps all of them. What may be
 * rewritten but cannot be edited (its name is pasted, or also becomes a string) is
 * rewritten all the same where that is possible: the name itself gets the mirror's symbol
 * if all uses in the unit may be rewritten, or a local of that name hides libc's function
 * if all uses in the one function may be. Called by rewrite_unit(). */
#include "plan.h"

#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "hooks.h"
#include "pool.h"
#include "pragma.h"
#include "reason.h"
#include "unit.h"

static const struct reason nothing = {0}; /* is in the way */

struct pragmas {
	struct pragma *list;
	size_t count;
};

struct planner {
	struct plan *plan;
	struct pool *pool;
	const struct unit *unit;
	const struct findings *found;
	const struct rewrite_request *request;
	struct pragmas *pragmas; /* of each file */
	size_t *order;           /* the references sorted by the place of their text */
};

static bool is_skipped(const struct unit_file *file, size_t offset)
{
	for (size_t i = 0; i < file->nskipped; i++) {
		if (offset >= file->skipped[i].begin && offset < file->skipped[i].end)
			return true;
	}
	return false;
}

static bool is_switch(enum pragma_kind kind)
{
	return kind == PRAGMA_OFF || kind == PRAGMA_ON;
}

static bool is_of_threads(enum pragma_kind kind)
{
	return kind == PRAGMA_OS || kind == PRAGMA_FIBER || kind == PRAGMA_DEFAULT;
}

/* The last pragma ahead of OFFSET that CONCERNS us, NULL if there is none. A header begins
 * as the place of its #include is. */
static const struct pragma *in_force(const struct planner *p, size_t index, size_t offset,
	bool (*concerns)(enum pragma_kind kind))
{
	while (index != NO_FILE) {
		const struct unit_file *file = &p->unit->files[index];
		const struct pragmas *pragmas = &p->pragmas[index];
		for (size_t i = pragmas->count; i-- > 0;) {
			const struct pragma *pragma = &pragmas->list[i];
			if (concerns(pragma->kind) && pragma->begin < offset &&
				!is_skipped(file, pragma->begin))
				return pragma;
		}
		offset = file->include_offset;
		index = file->includer;
	}
	return NULL;
}

static bool is_off(const struct planner *p, size_t index, size_t offset)
{
	const struct pragma *pragma = in_force(p, index, offset, is_switch);

	return pragma && pragma->kind == PRAGMA_OFF;
}

static bool is_made_weak(const struct planner *p, const char *name)
{
	for (size_t i = 0; i < p->unit->nfiles; i++) {
		for (size_t k = 0; k < p->pragmas[i].count; k++) {
			const struct pragma *pragma = &p->pragmas[i].list[k];
			if (pragma->kind == PRAGMA_WEAK && !strcmp(pragma->name, name))
				return true;
		}
	}
	return false;
}

static bool is_overloaded_early(const struct planner *p, const struct target *target)
{
	return target->overload &&
	       p->found->tops[target->overload - 1].ordinal < target->declared;
}

/* WHY is the configuration's, or NULL. */
static struct reason by_config(const char *why)
{
	return why ? (struct reason){reason_word(REASON_CONFIG), why} : nothing;
}

/* As the next, for a function that a .cohook file maps. */
static struct reason why_keep_mapped(const struct planner *p, const struct target *target)
{
	if (target->weak || is_made_weak(p, target->name))
		return reason_plain(TEXT_WEAK);
	if (!target->declared)
		return reason_plain(TEXT_DECLARED_INSIDE);
	if (is_overloaded_early(p, target))
		return reason_plain(TEXT_OVERLOADED);
	return by_config(config_keeps_function(p->request->config, p->pool, target->row));
}

/* Why no use of TARGET at all may be rewritten; nothing if they may be. */
static struct reason why_keep_target(const struct planner *p, const struct target *target)
{
	const struct hook *symbol = hooks_find(target->symbol, strlen(target->symbol));

	if (target->row->kind == HOOK_WATCH)
		return reason_make(p->pool, TEXT_NO_MIRROR, target->row->why->reason);
	if (target->row->kind == HOOK_MAPPED)
		return why_keep_mapped(p, target);
	if (target->called)
		return reason_make(p->pool, TEXT_OTHER_NAME, target->called);
	if (!target->by_libc)
		return reason_plain(TEXT_DECLARED_BY_PROGRAM);
	if (target->nested)
		return reason_plain(TEXT_NAMESPACE);
	if (is_overloaded_early(p, target))
		return reason_plain(TEXT_OVERLOADED_LIBC);
	if (target->weak || is_made_weak(p, target->name))
		return reason_plain(TEXT_WEAK);
	if (!symbol || symbol->kind == HOOK_WATCH ||
		strcmp(symbol->target, target->row->target) != 0)
		return reason_make(p->pool, TEXT_OTHER_SYMBOL, target->symbol);
	return by_config(config_keeps_function(p->request->config, p->pool, target->row));
}

/* The file of the C++ library that REFERENCE stands in, or NULL. */
static const struct unit_file *library_file(
	const struct planner *p, const struct reference *reference)
{
	if (reference->top == NO_FILE)
		return NULL;
	const struct unit_file *file =
		&p->unit->files[p->found->tops[reference->top].file];
	return file->part ? file : NULL;
}

/* The pragma that says what threads are where REFERENCE is used, NULL if none does. The
 * C++ library's are what they are in all of the unit. */
static const struct pragma *pragma_of_threads(
	const struct planner *p, const struct reference *reference)
{
	const struct pragma *pragma =
		library_file(p, reference)
			? NULL
			: in_force(p, reference->at.use_file, reference->at.use_offset,
				  is_of_threads);

	return pragma && pragma->kind != PRAGMA_DEFAULT ? pragma : NULL;
}

/* Why a use of what makes a thread is kept; nothing if it may be rewritten. */
static struct reason why_keep_thread(
	const struct planner *p, const struct reference *reference)
{
	const struct rewrite_request *request = p->request;

	if (strcmp(p->found->targets[reference->target].row->waits, "THREAD") != 0)
		return nothing;
	const struct pragma *pragma = pragma_of_threads(p, reference);
	if (pragma)
		return pragma->kind == PRAGMA_OS ? reason_plain(TEXT_PRAGMA_OS) : nothing;
	if (request->threads == THREADS_FIBER)
		return nothing;
	return request->threads_by
		       ? reason_make(p->pool, TEXT_THREADS_CONFIG, request->threads_by)
		       : reason_plain(TEXT_THREADS_OS);
}

/* What holds of REFERENCE wherever it stands in its file. */
static struct reason why_keep_everywhere(
	const struct planner *p, const struct reference *reference)
{
	struct reason why = why_keep_target(p, &p->found->targets[reference->target]);

	return why.word ? why : why_keep_thread(p, reference);
}

static bool is_precompiled(const struct planner *p, size_t file)
{
	return file != NO_FILE && p->unit->files[file].precompiled;
}

static const char *why_keep_file(const struct planner *p, size_t file)
{
	return file == NO_FILE ? NULL : p->unit->files[file].kept;
}

/* What is written in a kept file and what is used in one are kept. */
static const char *why_keep_files(
	const struct planner *p, const struct reference *reference, size_t home)
{
	const char *why = why_keep_file(p, reference->at.file);

	if (!why)
		why = why_keep_file(p, reference->at.use_file);
	return why ? why : why_keep_file(p, home);
}

/* The replacement would call itself. */
static bool is_inside_replacement(
	const struct planner *p, const struct reference *reference)
{
	const struct hook *row = p->found->targets[reference->target].row;

	return row->kind == HOOK_MAPPED && reference->function &&
	       !strcmp(reference->function, row->target);
}

/* Why this one must not be rewritten; nothing if it may be. */
static struct reason why_keep(const struct planner *p, const struct reference *reference)
{
	struct reason why = why_keep_everywhere(p, reference);

	if (why.word)
		return why;
	if (reference->top == NO_FILE)
		return reason_plain(TEXT_SYSTEM_HEADER);
	if (reference->names_type)
		return reason_plain(TEXT_TEMPLATE_TYPE);
	size_t home = p->found->tops[reference->top].file;
	if (library_file(p, reference) &&
		p->found->targets[reference->target].row->kind == HOOK_MAPPED)
		return reason_plain(TEXT_MAPPED_LIBRARY);
	why = by_config(why_keep_files(p, reference, home));
	if (why.word)
		return why;
	if (is_inside_replacement(p, reference))
		return reason_plain(TEXT_MAPPED_TO);
	if (is_precompiled(p, reference->at.file) ||
		is_precompiled(p, reference->at.use_file) || is_precompiled(p, home))
		return reason_plain(TEXT_PRECOMPILED_HEADER);
	if (is_off(p, reference->at.use_file, reference->at.use_offset) ||
		(reference->at.file != reference->at.use_file &&
			is_off(p, reference->at.file, reference->at.offset)))
		return reason_plain(TEXT_PRAGMA_OFF);
	return nothing;
}

static enum reason_text text_of(unsigned obstacles)
{
	static const struct {
		enum obstacle obstacle;
		enum reason_text text;
	} rows[] = {{OBSTACLE_PASTED, TEXT_PASTED}, {OBSTACLE_SYSTEM, TEXT_SYSTEM_MACRO},
		{OBSTACLE_SPLICED, TEXT_SPLICED},
		{OBSTACLE_DEPENDENT, TEXT_TEMPLATE_CHOICE},
		{OBSTACLE_QUALIFIED, TEXT_QUALIFIED},
		{OBSTACLE_NAMESAKE, TEXT_NAMESAKE},
		{OBSTACLE_SHARED, TEXT_SHARED_MEANING}};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (obstacles & rows[i].obstacle)
			return rows[i].text;
	return TEXT_STRINGIFIED;
}

static void keep(struct planner *p, size_t reference, struct reason reason)
{
	p->plan->decisions[reference] =
		(struct decision){VERDICT_KEPT, reason, MEANS_EDIT};
}

static void judge_alone(struct planner *p)
{
	for (size_t i = 0; i < p->found->nreferences; i++) {
		const struct reference *reference = &p->found->references[i];
		if (reference->unevaluated)
			continue;
		struct reason why = why_keep(p, reference);
		if (why.word)
			keep(p, i, why);
	}
}

/* Whether TARGET's own symbol can be changed: not if libc has done so, or has an inline
 * form of it, or if the program may define it. */
static bool has_own_symbol(const struct target *target)
{
	return target->row->kind != HOOK_MAPPED &&
	       !strcmp(target->symbol, target->name) && !target->object_size;
}

static bool may_relabel(const struct planner *p, size_t target)
{
	if (!has_own_symbol(&p->found->targets[target]))
		return false;
	for (size_t i = 0; i < p->found->nreferences; i++) {
		const struct reference *reference = &p->found->references[i];
		if (reference->target == target && !reference->unevaluated &&
			p->plan->decisions[i].verdict == VERDICT_KEPT)
			return false;
	}
	return true;
}

/* <shared_mutex> makes names of libc's by ##. */
static bool may_relabel_pasted(const struct planner *p, const struct reference *reference)
{
	return reference->obstacles == OBSTACLE_PASTED &&
	       may_relabel(p, reference->target);
}

/* All of the library is changed in a unit, as far as its hooks go, or nothing: units that
 * have the same tag have the same functions. */
static void judge_library(struct planner *p)
{
	struct reason why =
		p->request->keep_library ? reason_plain(TEXT_LIBRARY_BROKEN) : nothing;
	bool any = false;

	for (size_t i = 0; i < p->found->nreferences && !why.word; i++) {
		const struct reference *reference = &p->found->references[i];
		if (!library_file(p, reference) || reference->unevaluated ||
			why_keep_everywhere(p, reference).word)
			continue;
		any = true;
		if (reference->obstacles && !may_relabel_pasted(p, reference))
			why = reason_plain(TEXT_LIBRARY_FIXED);
		else if (p->plan->decisions[i].verdict == VERDICT_KEPT)
			why = p->plan->decisions[i].reason;
	}
	for (size_t i = 0; i < p->found->nreferences && why.word; i++)
		if (library_file(p, &p->found->references[i]) &&
			p->plan->decisions[i].verdict != VERDICT_KEPT)
			keep(p, i, why);
	if (any && !why.word && p->found->nadopted)
		p->plan->tag = standard_tag(p->pool, p->request);
}

static int by_place(const void *a, const void *b, void *findings)
{
	const struct findings *found = findings;
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	const struct reference *x = &found->references[i], *y = &found->references[k];

	if (x->at.file != y->at.file)
		return x->at.file < y->at.file ? -1 : 1;
	if (x->at.offset != y->at.offset)
		return x->at.offset < y->at.offset ? -1 : 1;
	return i < k ? -1 : 1;
}

static void sort_by_place(struct planner *p)
{
	size_t n = p->found->nreferences;

	p->order = pool_alloc(p->pool, (n + 1) * sizeof *p->order);
	for (size_t i = 0; i < n; i++)
		p->order[i] = i;
	qsort_r(p->order, n, sizeof *p->order, by_place, (void *)p->found);
}

/* The end, in the order by place, of the uses of the text that the one at BEGIN uses. */
static size_t end_of_sharing(const struct planner *p, size_t begin)
{
	const struct reference *first = &p->found->references[p->order[begin]];
	size_t end = begin + 1;

	while (first->at.file != NO_FILE && end < p->found->nreferences) {
		const struct reference *other = &p->found->references[p->order[end]];
		if (other->at.file != first->at.file ||
			other->at.offset != first->at.offset)
			break;
		end++;
	}
	return end;
}

/* If one of the uses from BEGIN to END is kept, so are the others. */
static void judge_sharing(struct planner *p, size_t begin, size_t end)
{
	const struct decision *kept = NULL;

	for (size_t i = begin; i < end && !kept; i++) {
		const struct decision *decision = &p->plan->decisions[p->order[i]];
		kept = decision->verdict == VERDICT_KEPT ? decision : NULL;
	}
	for (size_t i = begin; kept && i < end; i++) {
		size_t reference = p->order[i];
		if (p->plan->decisions[reference].verdict == VERDICT_KEPT)
			continue;
		keep(p, reference,
			reason_make(p->pool, TEXT_SHARED_FATE, kept->reason.text));
	}
}

/* A local ends the search for a name before it comes to namespaces. */
enum { OBSTACLES_OF_LOOKUP = OBSTACLE_QUALIFIED | OBSTACLE_DEPENDENT };

/* Whether a local of the function that REFERENCE is in is visible to it. */
static bool is_in_body(const struct planner *p, const struct reference *reference)
{
	const struct toplevel *top = &p->found->tops[reference->top];

	return reference->at.use_file != top->file ||
	       reference->at.use_offset >= top->body;
}

/* Whether a local in the function TOP may hide TARGET: all that is left of the name there
 * must mean the mirror, and must mean the same when the name is a pointer to a function.
 */
static bool may_alias(const struct planner *p, size_t target, size_t top)
{
	if (!p->found->tops[top].body ||
		p->found->targets[target].row->kind == HOOK_MAPPED)
		return false;
	for (size_t i = 0; i < p->found->nreferences; i++) {
		const struct reference *reference = &p->found->references[i];
		bool kept = p->plan->decisions[i].verdict == VERDICT_KEPT;
		if (reference->target != target || reference->top != top)
			continue;
		if (kept || reference->unevaluated || reference->qualified ||
			!is_in_body(p, reference) ||
			(reference->is_operand && reference->obstacles) ||
			(reference->obstacles & OBSTACLES_OF_LOOKUP))
			return false;
	}
	return true;
}

static void judge_obstacle(struct planner *p, size_t i, bool relabel)
{
	const struct reference *reference = &p->found->references[i];
	struct decision *decision = &p->plan->decisions[i];

	if (relabel)
		decision->means = MEANS_RELABEL;
	else if (may_alias(p, reference->target, reference->top))
		decision->means = MEANS_ALIAS;
	else
		keep(p, i, reason_plain(text_of(reference->obstacles)));
}

/* Settles the references of one target that were not kept. Those of one function share
 * their means, since what is kept for an obstacle keeps the function from having an
 * alias. */
static void judge_obstacles(struct planner *p, size_t target)
{
	bool relabel = may_relabel(p, target);

	for (size_t i = 0; i < p->found->nreferences; i++) {
		const struct reference *reference = &p->found->references[i];
		if (reference->target == target && reference->obstacles &&
			!reference->unevaluated &&
			p->plan->decisions[i].verdict != VERDICT_KEPT)
			judge_obstacle(p, i, relabel);
	}
}

static void wish_for(struct planner *p, enum wish_kind kind, size_t target, size_t top)
{
	struct plan *plan = p->plan;

	plan->wishes =
		pool_grow(p->pool, plan->wishes, plan->nwishes, sizeof *plan->wishes);
	plan->wishes[plan->nwishes++] = (struct wish){kind, target, top};
}

/* What TARGET's rewritten uses need, and ahead of which declaration at file scope at the
 * latest. An edit is seen by the uses that are not evaluated too. */
static void wish_for_target(struct planner *p, size_t target)
{
	size_t mirror = NO_FILE, relabel = NO_FILE;

	for (size_t i = 0; i < p->found->nreferences; i++) {
		const struct reference *reference = &p->found->references[i];
		const struct decision *decision = &p->plan->decisions[i];
		if (reference->target != target || decision->verdict != VERDICT_REWRITTEN)
			continue;
		size_t *first = decision->means == MEANS_RELABEL ? &relabel : &mirror;
		if (reference->top < *first)
			*first = reference->top;
	}
	/* The name must still be libc's alone where its type is asked for. */
	size_t overload = p->found->targets[target].overload;
	if (overload && mirror != NO_FILE && overload - 1 < mirror)
		mirror = overload - 1;
	if (overload && relabel != NO_FILE && overload - 1 < relabel)
		relabel = overload - 1;
	if (mirror != NO_FILE)
		wish_for(p, WISH_MIRROR, target, mirror);
	if (relabel != NO_FILE)
		wish_for(p, WISH_RELABEL, target, relabel);
}

static void wish_for_aliases(struct planner *p)
{
	for (size_t i = 0; i < p->found->nreferences; i++) {
		const struct reference *reference = &p->found->references[i];
		const struct decision *decision = &p->plan->decisions[i];
		bool known = decision->verdict != VERDICT_REWRITTEN ||
			     decision->means != MEANS_ALIAS;
		for (size_t k = 0; k < p->plan->nwishes && !known; k++) {
			const struct wish *wish = &p->plan->wishes[k];
			known = wish->kind == WISH_ALIAS &&
				wish->target == reference->target &&
				wish->top == reference->top;
		}
		if (!known)
			wish_for(p, WISH_ALIAS, reference->target, reference->top);
	}
}

static bool is_edited(const struct planner *p, size_t i)
{
	const struct decision *decision = &p->plan->decisions[i];

	return !p->found->references[i].unevaluated &&
	       decision->verdict == VERDICT_REWRITTEN && decision->means == MEANS_EDIT;
}

/* An unevaluated use is only edited along with an evaluated one of the same text. */
static void settle_unevaluated(struct planner *p, size_t begin, size_t end)
{
	bool edited = false;

	for (size_t i = begin; i < end; i++)
		edited |= is_edited(p, p->order[i]);
	for (size_t i = begin; i < end; i++) {
		size_t reference = p->order[i];
		if (p->found->references[reference].unevaluated)
			p->plan->decisions[reference] = (struct decision){
				edited ? VERDICT_REWRITTEN : VERDICT_KEPT, nothing,
				MEANS_EDIT};
	}
}

static void for_each_text(
	struct planner *p, void (*judge)(struct planner *, size_t, size_t))
{
	for (size_t begin = 0, end; begin < p->found->nreferences; begin = end) {
		end = end_of_sharing(p, begin);
		judge(p, begin, end);
	}
}

void plan_make(struct plan *plan, const struct unit *unit,
	const struct findings *findings, const struct rewrite_request *request)
{
	struct pool *pool = unit->pool;
	struct planner p = {.plan = plan,
		.pool = pool,
		.unit = unit,
		.found = findings,
		.request = request};

	*plan = (struct plan){0};
	plan->decisions =
		pool_alloc(pool, (findings->nreferences + 1) * sizeof *plan->decisions);
	p.pragmas = pool_alloc(pool, (unit->nfiles + 1) * sizeof *p.pragmas);
	for (size_t i = 0; i < unit->nfiles; i++) {
		const struct unit_file *file = &unit->files[i];
		if (file->text)
			p.pragmas[i].count = pragma_find(
				pool, file->text, file->length, &p.pragmas[i].list);
	}
	judge_alone(&p);
	judge_library(&p);
	sort_by_place(&p);
	for_each_text(&p, judge_sharing);
	for (size_t target = 0; target < findings->ntargets; target++)
		judge_obstacles(&p, target);
	for_each_text(&p, settle_unevaluated);
	for (size_t target = 0; target < findings->ntargets; target++)
		wish_for_target(&p, target);
	wish_for_aliases(&p);
}
