/* locals.c - decides which thread-local variables are a fiber's own, and writes what makes
 * them so.
 *
 * Declarations stay as they are. A use takes the variable's address as ever, which is the
 * OS thread's variable, and adds the distance to the running fiber's copy. All uses in a
 * unit are changed or none is. Of a variable that other units can name, the unit that
 * defines it says so by a weak symbol, co__tls_on_NAME, and a unit that has uses which
 * cannot be changed forbids it by co__tls_off_NAME; whoever uses it looks at both, which
 * the linker has settled. Called by rewrite_unit() between finder and edit. */
#include "locals.h"

#include <stdlib.h>
#include <string.h>

#include "pool.h"
#include "unit.h"

struct planner {
	struct locals *locals;
	struct pool *pool;
	const struct unit *unit;
	const struct findings *found;
	const struct rewrite_request *request;
	const char **why; /* of each variable, NULL if it is to be the fiber's */
	bool *used;       /* of each variable: here */
	size_t *order;    /* the uses, sorted by the place of their text */
	const char *text; /* the declarations so far */
	size_t top;
};

/* Preprocessed text has no macro for the type. */
#define NUMBER "__typeof__(sizeof(int))"

/* For both languages; the functions follow. */
static const char runtime[] =
	"__extension__ extern __thread " NUMBER " co__tls_shift "
	"__attribute__((__visibility__(\"hidden\"))), co__tls_shift_outer "
	"__attribute__((__visibility__(\"hidden\"))); "
	"extern void *co__tls_find(const volatile void *) "
	"__attribute__((__visibility__(\"hidden\"), __returns_nonnull__));";

/* Not static: functions that are inline and not static use them. */
#define INLINE_C                                                             \
	"extern __inline __attribute__((__always_inline__, __gnu_inline__, " \
	"__artificial__)) void *"
#define SHIFTED_C                                                         \
	"return co__shift & 1 ? co__tls_find(co__at) : (void *)((" NUMBER \
	")co__at + co__shift); }"

static const char functions_c[] = INLINE_C
	"co__tls(const volatile void *); " INLINE_C
	"co__tls(const volatile void *co__at) { " NUMBER
	" co__shift = co__tls_shift; " SHIFTED_C " " INLINE_C
	"co__tls_outer(const volatile void *, const char *, const char *); " INLINE_C
	"co__tls_outer(const volatile void *co__at, const char *co__on, "
	"const char *co__off) { " NUMBER
	" co__shift = co__on && !co__off ? co__tls_shift_outer : 0; " SHIFTED_C;

#define INLINE_CXX                                                              \
	"template <typename co__T> __inline __attribute__((__always_inline__, " \
	"__artificial__)) co__T &"

static const char functions_cxx[] = INLINE_CXX
	"co__tls_at(co__T &co__at, " NUMBER " co__shift) { "
	"co__T *co__a = __builtin_addressof(co__at); "
	"return *reinterpret_cast<co__T *>(co__shift & 1 "
	"? reinterpret_cast<" NUMBER ">(co__tls_find(co__a)) "
	": reinterpret_cast<" NUMBER ">(co__a) + co__shift); } " INLINE_CXX
	"co__tls(co__T &co__at) { "
	"return co__tls_at(co__at, co__tls_shift); } " INLINE_CXX
	"co__tls_outer(co__T &co__at, const char *co__on, const char *co__off) "
	"{ return co__tls_at(co__at, co__on && !co__off ? "
	"co__tls_shift_outer : 0); }";

/* What makes a use be left alone, and with it all others, NULL if nothing does. A macro
 * that makes a string of it does not: the string will differ. */
static const char *obstacle(const struct planner *p, const struct reference *use)
{
	const struct unit_file *file =
		use->at.file == NO_FILE ? NULL : &p->unit->files[use->at.file];

	if (!file || use->obstacles & OBSTACLE_PASTED)
		return "its name is made by ## or comes from the command line";
	if (use->obstacles & OBSTACLE_SYSTEM || use->top == NO_FILE)
		return "its name is in a macro of a system header";
	if (use->obstacles & OBSTACLE_SPLICED)
		return "its name is split by a line continuation";
	if (use->obstacles & OBSTACLE_QUALIFIED)
		return "its namespaces are not simply written ahead of the name";
	if (use->obstacles & OBSTACLE_SHARED)
		return "the same text means something else in another expansion";
	if (use->obstacles & OBSTACLE_PART)
		return "a macro makes another name of it as well";
	if (file->precompiled)
		return "it is used in a precompiled header";
	return file->kept;
}

static void share(struct planner *p, size_t variable, const char *why)
{
	if (!p->why[variable])
		p->why[variable] = why;
}

static void judge_alone(struct planner *p)
{
	for (size_t i = 0; i < p->found->nvariables; i++)
		p->why[i] = p->request->tls == TLS_SHARED ? "--cohook-tls=shared"
							  : p->found->variables[i].why;
	for (size_t i = 0; i < p->found->nuses; i++) {
		const struct reference *use = &p->found->uses[i];
		const char *why = use->unevaluated ? NULL : obstacle(p, use);
		p->used[use->target] = true;
		if (why && use->at.line)
			why = pool_printf(p->pool, "%s, in line %u", why,
				use->at.in_macro ? use->at.use_line : use->at.line);
		if (why)
			share(p, use->target, why);
	}
}

/* How the variable is named at USE. */
static const char *spelled(const struct planner *p, const struct reference *use)
{
	return pool_copy(p->pool,
		p->unit->files[use->at.file].text + use->at.offset - use->qualifier,
		use->qualifier + strlen(p->found->variables[use->target].name));
}

static const char *replacement(const struct planner *p, const struct reference *use)
{
	const struct variable *variable = &p->found->variables[use->target];
	const char *scope = p->unit->cxx ? "::" : "", *marks = "";
	const char *function = variable->external ? "co__tls_outer" : "co__tls";
	const char *name = spelled(p, use);

	if (variable->external && variable->defined)
		marks = pool_printf(
			p->pool, ", \"\", &%sco__tls_off_%s", scope, variable->symbol);
	else if (variable->external)
		marks = pool_printf(p->pool, ", &%sco__tls_on_%s, &%sco__tls_off_%s",
			scope, variable->symbol, scope, variable->symbol);
	return p->unit->cxx ? pool_printf(p->pool, "(::%s(%s%s))", function, name, marks)
			    : pool_printf(p->pool, "(*(__typeof__(&%s))%s(&%s%s))", name,
				      function, name, marks);
}

static int by_place(const void *a, const void *b, void *findings)
{
	const struct findings *found = findings;
	size_t i = *(const size_t *)a, k = *(const size_t *)b;
	const struct reference *x = &found->uses[i], *y = &found->uses[k];

	if (x->at.file != y->at.file)
		return x->at.file < y->at.file ? -1 : 1;
	if (x->at.offset != y->at.offset)
		return x->at.offset < y->at.offset ? -1 : 1;
	return i < k ? -1 : 1;
}

static bool is_same_place(const struct planner *p, size_t i, size_t k)
{
	const struct reference *x = &p->found->uses[p->order[i]],
			       *y = &p->found->uses[p->order[k]];

	return x->at.file == y->at.file && x->at.offset == y->at.offset;
}

/* Whether the text of the use at I, in the order, and of the one at K is one, and cannot
 * become what both need. True if that is news. */
static bool settle(struct planner *p, size_t i, size_t k)
{
	static const char why[] = "the same text names another variable elsewhere";
	const struct reference *x = &p->found->uses[p->order[i]],
			       *y = &p->found->uses[p->order[k]];
	bool left = p->why[x->target], right = p->why[y->target];

	if (x->target == y->target || (left && right) ||
		(left == right && !strcmp(replacement(p, x), replacement(p, y))))
		return false;
	share(p, x->target, why);
	share(p, y->target, why);
	return true;
}

static void judge_sharing(struct planner *p)
{
	bool news = true;

	p->order = pool_alloc(p->pool, (p->found->nuses + 1) * sizeof *p->order);
	for (size_t i = 0; i < p->found->nuses; i++)
		p->order[i] = i;
	qsort_r(p->order, p->found->nuses, sizeof *p->order, by_place, (void *)p->found);
	while (news) {
		news = false;
		for (size_t i = 1; i < p->found->nuses; i++)
			if (is_same_place(p, i - 1, i))
				news |= settle(p, i - 1, i);
	}
}

static bool has_place(const struct planner *p, size_t top)
{
	for (size_t i = 0; i <= top && i < p->found->ntops; i++)
		if (locals_may_declare(p->unit, &p->found->tops[i]))
			return true;
	return false;
}

/* Uses ahead of all that is at file scope in a file that can take declarations. */
static void judge_places(struct planner *p)
{
	for (size_t i = 0; i < p->found->nuses; i++) {
		const struct reference *use = &p->found->uses[i];
		if (!use->unevaluated && !p->why[use->target] && !has_place(p, use->top))
			share(p, use->target, "its first use is in a repeated header");
	}
}

static void need_ahead(struct planner *p, size_t top)
{
	if (top < p->top)
		p->top = top;
}

/* Uses of one text want the same done to it. */
static bool is_last(const struct locals *locals, const struct edit *edit)
{
	if (!locals->nedits)
		return false;
	const struct edit *last = &locals->edits[locals->nedits - 1];
	return last->file == edit->file && last->offset == edit->offset;
}

static void add_uses(struct planner *p)
{
	struct locals *locals = p->locals;

	for (size_t i = 0; i < p->found->nuses; i++) {
		const struct reference *use = &p->found->uses[p->order[i]];
		if (use->unevaluated || p->why[use->target])
			continue;
		need_ahead(p, use->top);
		size_t length = strlen(p->found->variables[use->target].name);
		struct edit edit = {use->at.file, use->at.offset - use->qualifier,
			use->qualifier + length, replacement(p, use)};
		if (is_last(locals, &edit))
			continue;
		locals->edits = pool_grow(
			p->pool, locals->edits, locals->nedits, sizeof *locals->edits);
		locals->edits[locals->nedits++] = edit;
	}
}

static void declare(struct planner *p, const char *text)
{
	p->text = p->text ? pool_printf(p->pool, "%s %s", p->text, text) : text;
}

static void declare_mark(struct planner *p, const char *kind, const char *symbol)
{
	declare(p, pool_printf(p->pool,
			   "extern const char co__tls_%s_%s __attribute__((__weak__));",
			   kind, symbol));
}

static void define_mark(struct planner *p, const char *kind, const char *symbol)
{
	declare(p, pool_printf(p->pool,
			   "extern const char co__tls_%s_%s __attribute__((__weak__, "
			   "__visibility__(\"hidden\"))); const char co__tls_%s_%s = 1;",
			   kind, symbol, kind, symbol));
}

/* What the linker is to know of a variable, and what we are to know of the linker. */
static void add_marks(struct planner *p, size_t index)
{
	const struct variable *variable = &p->found->variables[index];
	const char *why = p->why[index], *symbol = variable->symbol;

	if (!variable->external || !(variable->defined || p->used[index]))
		return;
	if (why) {
		define_mark(p, "off", symbol);
	} else {
		declare_mark(p, "off", symbol);
		if (variable->defined)
			define_mark(p, "on", symbol);
		else
			declare_mark(p, "on", symbol);
	}
	if (variable->defined)
		need_ahead(p, variable->top);
}

static void note(struct planner *p, size_t index)
{
	const struct variable *variable = &p->found->variables[index];
	struct locals *locals = p->locals;

	if (!p->why[index] || p->request->tls == TLS_SHARED ||
		!(variable->defined || p->used[index]))
		return;
	locals->shared = pool_grow(
		p->pool, locals->shared, locals->nshared, sizeof *locals->shared);
	locals->shared[locals->nshared++] = (struct shared_variable){
		.file = variable->file == NO_FILE ? ""
						  : p->unit->files[variable->file].name,
		.line = variable->line,
		.name = variable->name,
		.why = p->why[index],
	};
}

/* The last place that is known, for what may stand anywhere. */
static size_t any_top(const struct planner *p)
{
	return p->found->ntops - 1;
}

static void write_declarations(struct planner *p)
{
	struct locals *locals = p->locals;
	const char *functions = !locals->nedits ? ""
				: p->unit->cxx  ? functions_cxx
						: functions_c;

	if (locals->nedits && p->unit->cxx)
		functions = pool_printf(p->pool, "extern \"C++\" { %s }", functions);
	if (!locals->nedits && !p->text)
		return;
	const char *names = pool_printf(p->pool, "%s%s%s", locals->nedits ? runtime : "",
		locals->nedits && p->text ? " " : "", p->text ? p->text : "");
	if (p->unit->cxx)
		names = pool_printf(p->pool, "extern \"C\" { %s }", names);
	locals->declarations = pool_printf(p->pool, "%s %s", names, functions);
	locals->top = p->top == NO_FILE ? any_top(p) : p->top;
}

bool locals_may_declare(const struct unit *unit, const struct toplevel *top)
{
	const struct unit_file *file = &unit->files[top->file];

	return file->text && !file->system && !file->precompiled && !file->kept &&
	       file->inclusions <= 1;
}

void locals_plan(struct locals *locals, const struct unit *unit,
	const struct findings *findings, const struct rewrite_request *request)
{
	struct planner p = {.locals = locals,
		.pool = unit->pool,
		.unit = unit,
		.found = findings,
		.request = request,
		.top = NO_FILE};

	*locals = (struct locals){0};
	if (!findings->nvariables || !findings->ntops)
		return;
	p.why = pool_alloc(p.pool, findings->nvariables * sizeof *p.why);
	p.used = pool_alloc(p.pool, findings->nvariables * sizeof *p.used);
	judge_alone(&p);
	judge_sharing(&p);
	judge_places(&p);
	judge_sharing(&p);
	add_uses(&p);
	for (size_t i = 0; i < findings->nvariables; i++) {
		add_marks(&p, i);
		note(&p, i);
	}
	write_declarations(&p);
}
