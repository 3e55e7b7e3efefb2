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
#include "unit.h"

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

/* As the next, for a function that a .cohook file maps. */
static const char *why_keep_mapped(const struct planner *p, const struct target *target)
{
	if (target->weak || is_made_weak(p, target->name))
		return "made weak by the program";
	if (!target->declared)
		return "declared inside a function only";
	if (is_overloaded_early(p, target))
		return "overloaded ahead of its declaration";
	return config_keeps_function(p->request->config, p->pool, target->row);
}

/* Why no use of TARGET at all may be rewritten, NULL if they may be. */
static const char *why_keep_target(const struct planner *p, const struct target *target)
{
	const struct hook *symbol = hooks_find(target->symbol, strlen(target->symbol));

	if (target->row->kind == HOOK_WATCH)
		return target->row->why;
	if (target->row->kind == HOOK_MAPPED)
		return why_keep_mapped(p, target);
	if (target->called)
		return pool_printf(p->pool,
			"the program calls it %s, by a declaration of its own",
			target->called);
	if (!target->by_libc)
		return "declared by the program, not by a header of libc";
	if (target->nested)
		return "libc's declaration is inside a namespace";
	if (is_overloaded_early(p, target))
		return "overloaded ahead of libc's declaration";
	if (target->weak || is_made_weak(p, target->name))
		return "made weak by the program";
	if (!symbol || symbol->kind == HOOK_WATCH ||
		strcmp(symbol->target, target->row->target) != 0)
		return pool_printf(p->pool, "bound to the symbol %s, which has no mirror",
			target->symbol);
	return config_keeps_function(p->request->config, p->pool, target->row);
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
			: in_force(p, reference->use_file, reference->use_offset,
				  is_of_threads);

	return pragma && pragma->kind != PRAGMA_DEFAULT ? pragma : NULL;
}

/* Why a use of what makes a thread is kept, NULL if it may be rewritten. */
static const char *why_keep_thread(
	const struct planner *p, const struct reference *reference)
{
	const struct rewrite_request *request = p->request;

	if (strcmp(p->found->targets[reference->target].row->waits, "THREAD") != 0)
		return NULL;
	const struct pragma *pragma = pragma_of_threads(p, reference);
	if (pragma)
		return pragma->kind == PRAGMA_OS ? "#pragma cohook threads(os)" : NULL;
	if (request->threads == THREADS_FIBER)
		return NULL;
	return request->threads_by
		       ? pool_printf(p->pool, "threads are OS threads by %s",
				 request->threads_by)
		       : "threads are OS threads without --cohook-threads=fiber";
}

/* What holds of REFERENCE wherever it stands in its file. */
static const char *why_keep_everywhere(
	const struct planner *p, const struct reference *reference)
{
	const char *why = why_keep_target(p, &p->found->targets[reference->target]);

	return why ? why : why_keep_thread(p, reference);
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
	const char *why = why_keep_file(p, reference->file);

	if (!why)
		why = why_keep_file(p, reference->use_file);
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

/* Why this one must not be rewritten, NULL if it may be. */
static const char *why_keep(const struct planner *p, const struct reference *reference)
{
	const char *why = why_keep_everywhere(p, reference);

	if (why)
		return why;
	if (reference->top == NO_FILE)
		return "in a header of the system";
	if (reference->names_type)
		return "the argument of a template is part of a type's name";
	size_t home = p->found->tops[reference->top].file;
	if (library_file(p, reference) &&
		p->found->targets[reference->target].row->kind == HOOK_MAPPED)
		return "only the program's own uses are mapped";
	why = why_keep_files(p, reference, home);
	if (why)
		return why;
	if (is_inside_replacement(p, reference))
		return "inside the function that it is mapped to";
	if (is_precompiled(p, reference->file) ||
		is_precompiled(p, reference->use_file) || is_precompiled(p, home))
		return "in a precompiled header";
	if (is_off(p, reference->use_file, reference->use_offset) ||
		(reference->file != reference->use_file &&
			is_off(p, reference->file, reference->offset)))
		return "#pragma cohook off";
	return NULL;
}

static const char *obstacle_text(unsigned obstacles)
{
	if (obstacles & OBSTACLE_PASTED)
		return "the name is made by ## or comes from the command line";
	if (obstacles & OBSTACLE_SYSTEM)
		return "the name is in a macro of a system header";
	if (obstacles & OBSTACLE_SPLICED)
		return "the name is split by a line continuation";
	if (obstacles & OBSTACLE_DEPENDENT)
		return "which function it is depends on the arguments of a template";
	if (obstacles & OBSTACLE_QUALIFIED)
		return "its namespaces are not simply written ahead of the name";
	if (obstacles & OBSTACLE_NAMESAKE)
		return "the name is in a macro of that name";
	if (obstacles & OBSTACLE_SHARED)
		return "the same text means something else in another expansion";
	return "a macro makes a string or another name of it as well";
}

static void keep(struct planner *p, size_t reference, const char *reason)
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
		const char *why = why_keep(p, reference);
		if (why)
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
	const char *why =
		p->request->keep_library
			? "the C++ library's headers do not compile when changed"
			: NULL;
	bool any = false;

	for (size_t i = 0; i < p->found->nreferences && !why; i++) {
		const struct reference *reference = &p->found->references[i];
		if (!library_file(p, reference) || reference->unevaluated ||
			why_keep_everywhere(p, reference))
			continue;
		any = true;
		if (reference->obstacles && !may_relabel_pasted(p, reference))
			why = "the header is not one that can be changed";
		else if (p->plan->decisions[i].verdict == VERDICT_KEPT)
			why = p->plan->decisions[i].reason;
	}
	for (size_t i = 0; i < p->found->nreferences && why; i++)
		if (library_file(p, &p->found->references[i]) &&
			p->plan->decisions[i].verdict != VERDICT_KEPT)
			keep(p, i, why);
	if (any && !why && p->found->nadopted)
		p->plan->tag = standard_tag(p->pool, p->request);
}

static int by_place(const void *a, const void *b, void *findings)
{
	const struct findings *found = findings;
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	const struct reference *x = &found->references[i], *y = &found->references[k];

	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
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

	while (first->file != NO_FILE && end < p->found->nreferences) {
		const struct reference *other = &p->found->references[p->order[end]];
		if (other->file != first->file || other->offset != first->offset)
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
			pool_printf(p->pool,
				"the same text is used where it is kept (%s)",
				kept->reason));
	}
}

/* A local ends the search for a name before it comes to namespaces. */
enum { OBSTACLES_OF_LOOKUP = OBSTACLE_QUALIFIED | OBSTACLE_DEPENDENT };

/* Whether a local of the function that REFERENCE is in is visible to it. */
static bool is_in_body(const struct planner *p, const struct reference *reference)
{
	const struct toplevel *top = &p->found->tops[reference->top];

	return reference->use_file != top->file || reference->use_offset >= top->body;
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
		keep(p, i, obstacle_text(reference->obstacles));
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
			p->plan->decisions[reference] =
				edited ? (struct decision){VERDICT_REWRITTEN, NULL,
						 MEANS_EDIT}
				       : (struct decision){VERDICT_KEPT,
						 "only its type is used", MEANS_EDIT};
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
