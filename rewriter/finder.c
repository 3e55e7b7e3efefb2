/* finder.c - walks the syntax tree and writes down every reference to a function of
 * hooks.def or to a thread-local variable.
 *
 * Which declarations count is up to targets and variables. libclang gives a cursor no parent, so a
 * stack is kept. Whatever a name's text takes part in besides (other meanings, strings,
 * other names) is looked for in a second walk, made only if a macro is involved. Called
 * by rewrite_unit(); plan judges what this finds. */
#include <clang-c/Index.h>

#include "finder.h"

#include <stdlib.h>
#include <string.h>

#include "adopt.h"
#include "conflicts.h"
#include "hooks.h"
#include "libclang.h"
#include "pool.h"
#include "surroundings.h"
#include "rewrite.h"
#include "targets.h"
#include "variables.h"

struct frame {
	CXCursor cursor;
	enum CXCursorKind kind;
	unsigned index;    /* among its parent's children */
	unsigned children; /* seen so far */
};

struct walk {
	struct unit *unit;
	const struct libclang *clang;
	struct findings *findings;
	struct frame
		*frames; /* from the declaration at file scope to the current cursor */
	size_t depth;
	size_t ordinal;
	size_t top; /* index of the current one, NO_FILE in the system's */
	struct targets targets;
	struct variables variables;
	struct adopter adopter;
	struct conflicts conflicts;    /* of the second walk */
	struct conflicts of_variables; /* likewise */
};

/* What the expression at the top of the stack is part of. */
static void classify(const struct walk *walk, struct reference *reference)
{
	bool converted = false;

	for (size_t i = walk->depth - 1; i > 0; i--) {
		const struct frame *outer = &walk->frames[i - 1];
		if (outer->kind == CXCursor_CallExpr) {
			reference->is_call = walk->frames[i].index == 0;
			converted = true;
			break;
		}
		if (outer->kind == CXCursor_UnaryOperator && !converted)
			reference->is_operand = true;
		if (outer->kind == CXCursor_UnexposedExpr ||
			outer->kind == CXCursor_UnaryOperator)
			converted = true;
		else if (outer->kind != CXCursor_ParenExpr &&
			 outer->kind != CXCursor_GenericSelectionExpr)
			break;
	}
	/* A function that is evaluated is converted to a pointer sooner or later; typeof
	 * and sizeof leave it alone. */
	reference->unevaluated = !converted;
}

static bool reads(const struct unit_file *file, size_t offset, const char *name)
{
	size_t length = strlen(name);

	return offset <= file->length && file->length - offset >= length &&
	       !memcmp(file->text + offset, name, length);
}

/* NAME is that of what REFERENCE names. */
static unsigned obstacles_of(
	struct walk *walk, const struct reference *reference, const char *name)
{
	if (reference->at.file == NO_FILE)
		return OBSTACLE_PASTED;
	const struct unit_file *file = &walk->unit->files[reference->at.file];
	if (file->system && !file->part)
		return OBSTACLE_SYSTEM;
	if (!file->text || !reads(file, reference->at.offset, name))
		return OBSTACLE_SPLICED;
	return reference->at.in_macro && surroundings_are_namesake(file->text, file->length,
					      reference->at.offset, name)
		       ? OBSTACLE_NAMESAKE
		       : 0;
}

/* How much ahead of the name at OFFSET has to go: nothing if it is `name` or `::name`. */
static size_t qualifier_length(const char *text, size_t begin, size_t offset)
{
	for (size_t i = begin; i < offset; i++)
		if (!strchr(": \t", text[i]))
			return offset - begin;
	return 0;
}

/* What only the text around the name tells in C++; CURSOR is the whole expression. */
static void read_surroundings(
	struct walk *walk, CXCursor cursor, struct reference *reference)
{
	const struct libclang *clang = walk->clang;
	const struct unit_file *file = reference->at.file == NO_FILE
					       ? NULL
					       : &walk->unit->files[reference->at.file];
	struct spot begin = unit_spot_spelled(walk->unit,
		clang->clang_getRangeStart(clang->clang_getCursorExtent(cursor)));
	size_t start = reference->at.offset;

	reference->qualified = begin.file != reference->at.file ||
			       (file && begin.offset < reference->at.offset);
	if (!file || !file->text || reference->obstacles)
		return;
	if (begin.file != reference->at.file || begin.offset > start ||
		(begin.offset < start &&
			!surroundings_are_simple(file->text, begin.offset, start))) {
		reference->obstacles |= OBSTACLE_QUALIFIED;
		return;
	}
	start = begin.offset;
	/* What is bound to a reference is never converted. */
	if (reference->unevaluated)
		reference->unevaluated = surroundings_are_typeof(file->text, start);
	if (!reference->is_call)
		reference->names_type = surroundings_are_template(file->text, start);
	reference->qualifier = qualifier_length(file->text, start, reference->at.offset);
}

static bool is_function(enum CXCursorKind kind)
{
	switch ((int)kind) {
	case CXCursor_FunctionDecl:
	case CXCursor_FunctionTemplate:
	case CXCursor_CXXMethod:
	case CXCursor_Constructor:
	case CXCursor_Destructor:
	case CXCursor_ConversionFunction:
		return true;
	default:
		return false;
	}
}

/* The name of the innermost function that is being walked. */
static const char *function_around(struct walk *walk)
{
	for (size_t i = walk->depth; i-- > 0;)
		if (is_function(walk->frames[i].kind))
			return targets_spelling(&walk->targets, walk->frames[i].cursor);
	return NULL;
}

/* Where CURSOR, whose name is NAME, stands. */
static struct reference locate(
	struct walk *walk, CXCursor cursor, size_t target, const char *name)
{
	struct reference reference = {
		.target = target,
		.at = unit_mark(walk->unit, walk->clang->clang_getCursorLocation(cursor)),
		.function = function_around(walk),
		.top = walk->top,
	};

	reference.obstacles = obstacles_of(walk, &reference, name);
	return reference;
}

static struct reference *record(struct walk *walk, CXCursor cursor, size_t target)
{
	struct findings *found = walk->findings;

	found->references = pool_grow(walk->unit->pool, found->references,
		found->nreferences, sizeof *found->references);
	struct reference *reference = &found->references[found->nreferences++];
	const struct target *named = &found->targets[target];
	*reference =
		locate(walk, cursor, target, named->called ? named->called : named->name);
	classify(walk, reference);
	if (walk->unit->cxx)
		read_surroundings(walk, cursor, reference);
	return reference;
}

/* Whether the expression at the top of the stack is the operand of sizeof or its kin. */
static bool is_measured(const struct walk *walk)
{
	for (size_t i = walk->depth - 1; i > 0; i--) {
		enum CXCursorKind outer = walk->frames[i - 1].kind;
		if (outer != CXCursor_ParenExpr)
			return outer == CXCursor_UnaryExpr;
	}
	return false;
}

/* How much of the text ahead of the variable's name belongs to it. */
static void read_qualifier(struct walk *walk, CXCursor cursor, struct reference *use)
{
	const struct libclang *clang = walk->clang;
	const char *text = walk->unit->files[use->at.file].text;
	struct spot begin = unit_spot_spelled(walk->unit,
		clang->clang_getRangeStart(clang->clang_getCursorExtent(cursor)));

	if (begin.file != use->at.file || begin.offset > use->at.offset ||
		(begin.offset < use->at.offset &&
			!surroundings_are_simple(text, begin.offset, use->at.offset)))
		use->obstacles |= OBSTACLE_QUALIFIED;
	else
		use->qualifier = use->at.offset - begin.offset;
}

static void record_use(struct walk *walk, CXCursor cursor, size_t variable)
{
	struct findings *found = walk->findings;
	struct reference use =
		locate(walk, cursor, variable, found->variables[variable].name);

	use.unevaluated = is_measured(walk);
	if (walk->unit->cxx && !use.obstacles)
		read_qualifier(walk, cursor, &use);
	if (!use.obstacles)
		use.unevaluated |=
			surroundings_are_typeof(walk->unit->files[use.at.file].text,
				use.at.offset - use.qualifier);
	found->uses = pool_grow(
		walk->unit->pool, found->uses, found->nuses, sizeof *found->uses);
	found->uses[found->nuses++] = use;
}

/* Brings the stack up to date with a cursor that is visited as a child of PARENT. */
static void enter(
	struct walk *walk, CXCursor cursor, CXCursor parent, enum CXCursorKind kind)
{
	while (walk->depth > 1 && !walk->clang->clang_equalCursors(
					  walk->frames[walk->depth - 1].cursor, parent))
		walk->depth--;
	unsigned index = walk->frames[walk->depth - 1].children++;
	walk->frames = pool_grow(
		walk->unit->pool, walk->frames, walk->depth, sizeof *walk->frames);
	walk->frames[walk->depth++] = (struct frame){cursor, kind, index, 0};
}

/* CURSOR is the body of the function that is walked; its brace must stand in the
 * function's own file. */
static void note_body(struct walk *walk, CXCursor cursor)
{
	struct toplevel *top = &walk->findings->tops[walk->top];
	CXSourceRange extent = walk->clang->clang_getCursorExtent(cursor);
	struct spot spelled =
		unit_spot_spelled(walk->unit, walk->clang->clang_getRangeStart(extent));
	struct spot used =
		unit_spot_used(walk->unit, walk->clang->clang_getRangeStart(extent));

	if (spelled.file == top->file && used.file == top->file &&
		spelled.offset == used.offset &&
		reads(&walk->unit->files[top->file], spelled.offset, "{"))
		top->body = spelled.offset + 1;
}

/* In libc's inline form of a function of the table, getchar's say: whoever calls that is
 * found himself. */
static bool is_in_inline_form(struct walk *walk)
{
	const char *function = walk->top == NO_FILE ? function_around(walk) : NULL;

	return function && hooks_find(function, strlen(function));
}

static void visit_name(struct walk *walk, CXCursor cursor)
{
	const struct libclang *clang = walk->clang;
	CXCursor referenced = clang->clang_getCursorReferenced(cursor);
	size_t variable = variables_resolve(&walk->variables, referenced);

	if (variable != NO_VARIABLE) {
		record_use(walk, cursor, variable);
		return;
	}
	bool dependent =
		clang->clang_getCursorKind(referenced) == CXCursor_OverloadedDeclRef;
	size_t target = dependent ? targets_resolve_overloads(&walk->targets, referenced)
				  : targets_resolve(&walk->targets, referenced);

	if (target == NO_TARGET || is_in_inline_form(walk))
		return;
	struct reference *reference = record(walk, cursor, target);
	if (dependent)
		reference->obstacles |= OBSTACLE_DEPENDENT;
}

/* A variable that is named as a member of some object. */
static void visit_member(struct walk *walk, CXCursor cursor)
{
	size_t variable = variables_resolve(
		&walk->variables, walk->clang->clang_getCursorReferenced(cursor));

	if (variable != NO_VARIABLE)
		walk->findings->variables[variable].why =
			"it is named as a member of an object";
}

static bool is_in_template(const struct walk *walk)
{
	for (size_t i = 0; i < walk->depth; i++) {
		enum CXCursorKind kind = walk->frames[i].kind;
		if (kind == CXCursor_ClassTemplate || kind == CXCursor_FunctionTemplate ||
			kind == CXCursor_ClassTemplatePartialSpecialization)
			return true;
	}
	return false;
}

static void visit_variable(struct walk *walk, CXCursor cursor)
{
	if (walk->top != NO_FILE)
		variables_note(&walk->variables, cursor, walk->top, is_in_template(walk));
}

static bool has_plain_body(enum CXCursorKind kind)
{
	return kind == CXCursor_FunctionDecl || kind == CXCursor_CXXMethod;
}

static enum standard_part part_of_top(const struct walk *walk)
{
	return walk->unit->files[walk->findings->tops[walk->top].file].part;
}

static enum CXChildVisitResult visit(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct walk *walk = data;
	enum CXCursorKind kind = walk->clang->clang_getCursorKind(cursor);

	enter(walk, cursor, parent, kind);
	if (kind == CXCursor_CompoundStmt && walk->depth == 2 && walk->top != NO_FILE &&
		has_plain_body(walk->frames[0].kind))
		note_body(walk, cursor);
	if (kind == CXCursor_DeclRefExpr)
		visit_name(walk, cursor);
	if (kind == CXCursor_MemberRefExpr)
		visit_member(walk, cursor);
	if (kind == CXCursor_VarDecl)
		visit_variable(walk, cursor);
	if (walk->top != NO_FILE && part_of_top(walk))
		adopt_look(&walk->adopter, cursor, parent,
			walk->findings->tops[walk->top].file);
	return CXChildVisit_Recurse;
}

static void add_top(struct walk *walk, struct spot begin, struct spot end)
{
	struct findings *found = walk->findings;

	found->tops = pool_grow(
		walk->unit->pool, found->tops, found->ntops, sizeof *found->tops);
	found->tops[found->ntops++] = (struct toplevel){
		.file = begin.file,
		.begin = begin.offset,
		.end = end.file == begin.file ? end.offset : begin.offset,
		.ordinal = walk->ordinal,
	};
}

static void visit_into(struct walk *walk, CXCursor cursor, enum CXCursorKind kind)
{
	walk->frames = pool_grow(walk->unit->pool, walk->frames, 0, sizeof *walk->frames);
	walk->frames[0] = (struct frame){cursor, kind, 0, 0};
	walk->depth = 1;
	if (kind == CXCursor_VarDecl)
		visit_variable(walk, cursor);
	walk->clang->clang_visitChildren(cursor, visit, walk);
}

static enum CXChildVisitResult visit_top(
	CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct walk *walk = data;
	const struct libclang *clang = walk->clang;
	enum CXCursorKind kind = clang->clang_getCursorKind(cursor);
	CXSourceRange extent = clang->clang_getCursorExtent(cursor);
	struct spot begin =
		unit_spot_used(walk->unit, clang->clang_getRangeStart(extent));

	(void)parent;
	/* A record of the preprocessing, if there is one, comes first. */
	bool declares =
		kind < CXCursor_FirstPreprocessing || kind > CXCursor_LastPreprocessing;
	if (!declares || begin.file == NO_FILE)
		return CXChildVisit_Continue;
	/* What is in the braces of `extern "C"` is at file scope. */
	if (kind == CXCursor_LinkageSpec)
		return CXChildVisit_Recurse;
	walk->ordinal++;
	if (kind == CXCursor_FunctionDecl)
		targets_remember(&walk->targets, cursor, walk->ordinal);
	walk->top = NO_FILE;
	const struct unit_file *file = &walk->unit->files[begin.file];
	if (!file->system || file->part) {
		walk->top = walk->findings->ntops;
		add_top(walk, begin,
			unit_spot_used(walk->unit, clang->clang_getRangeEnd(extent)));
	}
	if (walk->unit->cxx && walk->top != NO_FILE && !part_of_top(walk))
		targets_note_overload(&walk->targets, cursor, walk->top);
	/* Of the system only inline functions can refer to anything. */
	if (walk->top != NO_FILE || kind == CXCursor_FunctionDecl)
		visit_into(walk, cursor, kind);
	return CXChildVisit_Continue;
}

static void look_at_string(struct walk *walk, CXCursor cursor)
{
	CXSourceLocation location = walk->clang->clang_getCursorLocation(cursor);
	struct spot spelled = unit_spot_spelled(walk->unit, location);
	struct spot used = unit_spot_used(walk->unit, location);

	if (spelled.file == used.file && spelled.offset == used.offset)
		return;
	const char *text = targets_spelling(&walk->targets, cursor);
	conflicts_string(&walk->conflicts, text, spelled.file, spelled.offset, used.file);
	conflicts_string(
		&walk->of_variables, text, spelled.file, spelled.offset, used.file);
}

/* CURSOR has a name that stands, or is made, in a text; KNOWN is not to be told of it. */
static void look_at_name(struct walk *walk, CXCursor cursor, struct conflicts *known)
{
	struct conflicts *all[] = {&walk->conflicts, &walk->of_variables};
	struct spot spot = unit_spot_spelled(
		walk->unit, walk->clang->clang_getCursorLocation(cursor));

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (all[i] == known)
			continue;
		if (spot.file == NO_FILE)
			conflicts_pasted(
				all[i], targets_spelling(&walk->targets, cursor));
		else
			conflicts_place(all[i], spot.file, spot.offset);
	}
}

static bool has_name(enum CXCursorKind kind)
{
	switch ((int)kind) {
	case CXCursor_MemberRefExpr:
	case CXCursor_MemberRef:
	case CXCursor_DeclRefExpr:
	case CXCursor_FieldDecl:
	case CXCursor_VarDecl:
	case CXCursor_ParmDecl:
	case CXCursor_FunctionDecl:
	case CXCursor_EnumConstantDecl:
	case CXCursor_EnumDecl:
	case CXCursor_StructDecl:
	case CXCursor_UnionDecl:
	case CXCursor_TypedefDecl:
	case CXCursor_TypeRef:
	case CXCursor_LabelStmt:
	case CXCursor_LabelRef:
	case CXCursor_ClassDecl:
	case CXCursor_CXXMethod:
	case CXCursor_Constructor:
	case CXCursor_ClassTemplate:
	case CXCursor_FunctionTemplate:
	case CXCursor_NonTypeTemplateParameter:
	case CXCursor_TemplateTypeParameter:
	case CXCursor_TemplateRef:
	case CXCursor_Namespace:
	case CXCursor_NamespaceRef:
	case CXCursor_UsingDeclaration:
	case CXCursor_OverloadedDeclRef:
	case CXCursor_TypeAliasDecl:
	case CXCursor_VariableRef:
		return true;
	default:
		return false;
	}
}

static enum CXChildVisitResult visit_again(
	CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct walk *walk = data;
	enum CXCursorKind kind = walk->clang->clang_getCursorKind(cursor);

	(void)parent;
	if (kind == CXCursor_StringLiteral)
		look_at_string(walk, cursor);
	if (!has_name(kind))
		return CXChildVisit_Recurse;
	struct conflicts *known = NULL;
	if (kind == CXCursor_DeclRefExpr) {
		CXCursor referenced = walk->clang->clang_getCursorReferenced(cursor);
		if (targets_resolve(&walk->targets, referenced) != NO_TARGET)
			known = &walk->conflicts;
		else if (variables_resolve(&walk->variables, referenced) != NO_VARIABLE)
			known = &walk->of_variables;
	}
	look_at_name(walk, cursor, known);
	return CXChildVisit_Recurse;
}

static enum CXChildVisitResult visit_top_again(
	CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct walk *walk = data;
	CXSourceRange extent = walk->clang->clang_getCursorExtent(cursor);
	struct spot begin =
		unit_spot_used(walk->unit, walk->clang->clang_getRangeStart(extent));

	if (walk->clang->clang_getCursorKind(cursor) == CXCursor_LinkageSpec)
		return CXChildVisit_Recurse;
	if (begin.file == NO_FILE || walk->unit->files[begin.file].system)
		return CXChildVisit_Continue; /* records of the preprocessing have no name
						 of interest */
	visit_again(cursor, parent, data);
	walk->clang->clang_visitChildren(cursor, visit_again, walk);
	return CXChildVisit_Continue;
}

/* What conflicts is to know of the variables, in the form of functions. */
static void as_functions(
	const struct unit *unit, const struct findings *found, struct findings *variables)
{
	*variables =
		(struct findings){.references = found->uses, .nreferences = found->nuses};
	variables->targets = pool_alloc(
		unit->pool, (found->nvariables + 1) * sizeof *variables->targets);
	variables->ntargets = found->nvariables;
	for (size_t i = 0; i < found->nvariables; i++)
		variables->targets[i].name = found->variables[i].name;
}

static void look_for_conflicts(struct walk *walk, CXCursor whole)
{
	struct findings variables;

	as_functions(walk->unit, walk->findings, &variables);
	bool any = conflicts_open(&walk->conflicts, walk->unit, walk->findings);
	any |= conflicts_open(&walk->of_variables, walk->unit, &variables);
	if (!any)
		return;
	walk->clang->clang_visitChildren(whole, visit_top_again, walk);
	conflicts_close(&walk->conflicts);
	conflicts_close(&walk->of_variables);
}

void finder_find(struct unit *unit, const struct rewrite_request *request,
	struct findings *findings)
{
	struct walk walk = {
		.unit = unit, .clang = unit->parse->clang, .findings = findings};
	CXCursor whole = walk.clang->clang_getTranslationUnitCursor(unit->parse->tu);

	*findings = (struct findings){0};
	targets_open(&walk.targets, unit, findings, request);
	walk.variables = (struct variables){.unit = unit,
		.clang = walk.clang,
		.findings = findings,
		.wanted = request->threads == THREADS_FIBER};
	walk.adopter =
		(struct adopter){.unit = unit, .findings = findings, .request = request};
	walk.clang->clang_visitChildren(whole, visit_top, &walk);
	targets_close(&walk.targets);
	adopt_close(&walk.adopter);
	look_for_conflicts(&walk, whole);
}
