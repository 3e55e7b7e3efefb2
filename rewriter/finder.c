/* finder.c - walks the syntax tree and writes down every reference to a function of
 * hooks.def.
 *
 * A reference counts if the declaration that it leads to is an external function that a
 * system header declares first: that leaves alone members, locals, the program's own
 * functions and autoconf's `char connect();`. libclang gives a cursor no parent, so a
 * stack is kept. Whatever a name's text takes part in besides (other meanings, strings,
 * other names) is looked for in a second walk, made only if a macro is involved. Called
 * by rewrite_unit(); plan judges what this finds. */
#include <clang-c/Index.h>

#include "finder.h"

#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "config.h"
#include "conflicts.h"
#include "hooks.h"
#include "libclang.h"
#include "pool.h"

#define NO_TARGET ((size_t)-1)

enum { CACHE_SLOTS = 2048 };

struct frame {
	CXCursor cursor;
	enum CXCursorKind kind;
	unsigned index;    /* among its parent's children */
	unsigned children; /* seen so far */
};

struct cached {
	CXCursor cursor;
	size_t target;
	bool valid;
};

struct declaration {
	CXCursor cursor;
	size_t ordinal;
};

struct walk {
	struct unit *unit;
	const struct libclang *clang;
	struct findings *findings;
	const struct rewrite_request *request;
	struct frame
		*frames; /* from the declaration at file scope to the current cursor */
	size_t depth;
	size_t ordinal;
	size_t top; /* index of the current one, NO_FILE in the system's */
	const char *function;
	struct declaration *declarations; /* functions that system headers declare */
	size_t ndeclarations;
	struct cached *cache;
	struct conflicts conflicts; /* of the second walk */
};

static const char *spelling(struct walk *walk, CXCursor cursor)
{
	return unit_take(walk->unit, walk->clang->clang_getCursorSpelling(cursor));
}

static const char *printed(struct walk *walk, CXCursor cursor)
{
	const struct libclang *clang = walk->clang;
	CXPrintingPolicy policy = clang->clang_getCursorPrintingPolicy(cursor);

	clang->clang_PrintingPolicy_setProperty(policy, CXPrintingPolicy_TerseOutput, 1);
	const char *text = unit_take(
		walk->unit, clang->clang_getCursorPrettyPrinted(cursor, policy));
	clang->clang_PrintingPolicy_dispose(policy);
	return text;
}

static bool has_transparent_union(struct walk *walk, CXCursor function)
{
	const struct libclang *clang = walk->clang;
	CXType type = clang->clang_getCursorType(function);
	int count = clang->clang_getNumArgTypes(type);

	for (int i = 0; i < count; i++) {
		CXType argument = clang->clang_getArgType(type, (unsigned)i);
		CXCursor declaration = clang->clang_getTypeDeclaration(
			clang->clang_getCanonicalType(argument));
		/* No function of libc takes another kind of union by value. */
		if (clang->clang_getCursorKind(declaration) == CXCursor_UnionDecl)
			return true;
	}
	return false;
}

/* The macro with which glibc's inline form of FUNCTION measures its buffer; NULL if it
 * has no such form. */
static const char *object_size_macro(struct walk *walk, CXCursor function)
{
	static const char *const macros[] = {
		"__glibc_objsize0", "__glibc_objsize", "__bos0", "__bos"};
	const struct libclang *clang = walk->clang;
	CXCursor definition = clang->clang_getCursorDefinition(function);

	if (clang->clang_getCursorKind(definition) != CXCursor_FunctionDecl)
		return NULL;
	CXSourceRange extent = clang->clang_getCursorExtent(definition);
	struct spot begin =
		unit_spot_used(walk->unit, clang->clang_getRangeStart(extent));
	struct spot end = unit_spot_used(walk->unit, clang->clang_getRangeEnd(extent));
	if (begin.file == NO_FILE || begin.file != end.file || end.offset < begin.offset)
		return NULL;
	struct parse *parse = walk->unit->parse;
	const char *text =
		clang->clang_getFileContents(parse->tu, parse->handles[begin.file], NULL);
	for (size_t i = 0; text && i < sizeof macros / sizeof *macros; i++) {
		size_t length = strlen(macros[i]);
		if (memmem(text + begin.offset, end.offset - begin.offset, macros[i],
			    length))
			return macros[i];
	}
	return NULL;
}

static size_t ordinal_of(struct walk *walk, CXCursor canonical)
{
	for (size_t i = 0; i < walk->ndeclarations; i++) {
		if (walk->clang->clang_equalCursors(
			    walk->declarations[i].cursor, canonical))
			return walk->declarations[i].ordinal;
	}
	return 0;
}

/* Whether the program itself defines FUNCTION: then its calls are no calls of libc. */
static bool is_programs_own(struct walk *walk, CXCursor function)
{
	CXCursor definition = walk->clang->clang_getCursorDefinition(function);

	return walk->clang->clang_getCursorKind(definition) == CXCursor_FunctionDecl &&
	       !unit_is_systems(
		       walk->unit, walk->clang->clang_getCursorLocation(definition));
}

static size_t add_target(struct walk *walk, CXCursor canonical, const struct hook *row)
{
	struct findings *found = walk->findings;

	for (size_t i = 0; i < found->ntargets; i++) {
		const CXCursor *known = found->targets[i].cursor;
		if (walk->clang->clang_equalCursors(*known, canonical))
			return i;
	}
	CXCursor *kept = pool_alloc(walk->unit->pool, sizeof *kept);
	*kept = canonical;
	found->targets = pool_grow(walk->unit->pool, found->targets, found->ntargets,
		sizeof *found->targets);
	found->targets[found->ntargets] = (struct target){.row = row, .cursor = kept};
	return found->ntargets++;
}

/* Notes what FUNCTION, one of the declarations of the target, says about it. */
static void describe(struct walk *walk, struct target *target, CXCursor function)
{
	const struct libclang *clang = walk->clang;
	CXCursor canonical = *(const CXCursor *)target->cursor;
	const char *texts[] = {printed(walk, canonical), printed(walk, function), NULL};

	target->weak |= attributes_are_weak(texts[0]) || attributes_are_weak(texts[1]);
	target->symbol = unit_take(walk->unit, clang->clang_Cursor_getMangling(function));
	if (target->name)
		return;
	target->name = target->row->name;
	target->declared = ordinal_of(walk, canonical);
	target->by_libc =
		unit_is_systems(walk->unit, clang->clang_getCursorLocation(canonical));
	target->takes_union = has_transparent_union(walk, canonical);
	target->object_size = object_size_macro(walk, function);
	target->attributes = attributes_for_mirror(walk->unit->pool, texts,
		unit_take(walk->unit, clang->clang_getTypeSpelling(
					      clang->clang_getCursorType(function))));
}

static size_t resolve_anew(struct walk *walk, CXCursor function)
{
	const struct libclang *clang = walk->clang;

	if (clang->clang_getCursorKind(function) != CXCursor_FunctionDecl ||
		clang->clang_getCursorLinkage(function) != CXLinkage_External)
		return NO_TARGET;
	const char *name = spelling(walk, function);
	const struct hook *row = config_hook(walk->request->config, name, strlen(name));
	if (!row || (row->kind == HOOK_WATCH && !walk->request->watch) ||
		(row->kind != HOOK_MAPPED && is_programs_own(walk, function)))
		return NO_TARGET;
	size_t index = add_target(walk, clang->clang_getCanonicalCursor(function), row);
	describe(walk, &walk->findings->targets[index], function);
	return index;
}

/* The target that a referenced declaration belongs to. */
static size_t resolve(struct walk *walk, CXCursor referenced)
{
	unsigned slot = walk->clang->clang_hashCursor(referenced) % CACHE_SLOTS;
	struct cached *cached = &walk->cache[slot];

	if (cached->valid && walk->clang->clang_equalCursors(cached->cursor, referenced))
		return cached->target;
	*cached = (struct cached){referenced, resolve_anew(walk, referenced), true};
	return cached->target;
}

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

static unsigned obstacles_of(struct walk *walk, const struct reference *reference)
{
	if (reference->file == NO_FILE)
		return OBSTACLE_PASTED;
	const struct unit_file *file = &walk->unit->files[reference->file];
	if (file->system)
		return OBSTACLE_SYSTEM;
	const char *name = walk->findings->targets[reference->target].name;
	return file->text && reads(file, reference->offset, name) ? 0 : OBSTACLE_SPLICED;
}

static void record(struct walk *walk, CXCursor cursor, size_t target)
{
	CXSourceLocation location = walk->clang->clang_getCursorLocation(cursor);
	struct spot spelled = unit_spot_spelled(walk->unit, location);
	struct spot used = unit_spot_used(walk->unit, location);
	struct findings *found = walk->findings;

	found->references = pool_grow(walk->unit->pool, found->references,
		found->nreferences, sizeof *found->references);
	struct reference *reference = &found->references[found->nreferences++];
	*reference = (struct reference){
		.target = target,
		.file = spelled.file,
		.offset = spelled.offset,
		.line = spelled.line,
		.column = spelled.column,
		.use_file = used.file,
		.use_offset = used.offset,
		.use_line = used.line,
		.use_column = used.column,
		.in_macro = spelled.file != used.file || spelled.offset != used.offset,
		.function = walk->function,
		.top = walk->top,
	};
	reference->obstacles = obstacles_of(walk, reference);
	classify(walk, reference);
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

static enum CXChildVisitResult visit(CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct walk *walk = data;
	enum CXCursorKind kind = walk->clang->clang_getCursorKind(cursor);

	enter(walk, cursor, parent, kind);
	if (kind == CXCursor_CompoundStmt && walk->depth == 2 && walk->top != NO_FILE)
		note_body(walk, cursor);
	if (kind == CXCursor_DeclRefExpr) {
		size_t target =
			resolve(walk, walk->clang->clang_getCursorReferenced(cursor));
		if (target != NO_TARGET)
			record(walk, cursor, target);
	}
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
	walk->function = kind == CXCursor_FunctionDecl ? spelling(walk, cursor) : NULL;
	walk->frames = pool_grow(walk->unit->pool, walk->frames, 0, sizeof *walk->frames);
	walk->frames[0] = (struct frame){cursor, kind, 0, 0};
	walk->depth = 1;
	walk->clang->clang_visitChildren(cursor, visit, walk);
}

static void remember(struct walk *walk, CXCursor cursor)
{
	walk->declarations = pool_grow(walk->unit->pool, walk->declarations,
		walk->ndeclarations, sizeof *walk->declarations);
	walk->declarations[walk->ndeclarations++] =
		(struct declaration){cursor, walk->ordinal};
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
	walk->ordinal++;
	if (kind == CXCursor_FunctionDecl)
		remember(walk, cursor);
	walk->top = NO_FILE;
	if (!walk->unit->files[begin.file].system) {
		walk->top = walk->findings->ntops;
		add_top(walk, begin,
			unit_spot_used(walk->unit, clang->clang_getRangeEnd(extent)));
	}
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

	if (spelled.file != used.file || spelled.offset != used.offset)
		conflicts_string(&walk->conflicts, spelling(walk, cursor), spelled.file,
			spelled.offset, used.file);
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
	if (kind == CXCursor_DeclRefExpr &&
		resolve(walk, walk->clang->clang_getCursorReferenced(cursor)) !=
			NO_TARGET)
		return CXChildVisit_Recurse;
	struct spot spot = unit_spot_spelled(
		walk->unit, walk->clang->clang_getCursorLocation(cursor));
	if (spot.file == NO_FILE)
		conflicts_pasted(&walk->conflicts, spelling(walk, cursor));
	else
		conflicts_place(&walk->conflicts, spot.file, spot.offset);
	return CXChildVisit_Recurse;
}

static enum CXChildVisitResult visit_top_again(
	CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct walk *walk = data;
	CXSourceRange extent = walk->clang->clang_getCursorExtent(cursor);
	struct spot begin =
		unit_spot_used(walk->unit, walk->clang->clang_getRangeStart(extent));

	if (begin.file == NO_FILE || walk->unit->files[begin.file].system)
		return CXChildVisit_Continue; /* records of the preprocessing have no name
						 of interest */
	visit_again(cursor, parent, data);
	walk->clang->clang_visitChildren(cursor, visit_again, walk);
	return CXChildVisit_Continue;
}

void finder_find(struct unit *unit, const struct rewrite_request *request,
	struct findings *findings)
{
	struct walk walk = {.unit = unit,
		.clang = unit->parse->clang,
		.findings = findings,
		.request = request};
	CXCursor whole = walk.clang->clang_getTranslationUnitCursor(unit->parse->tu);

	*findings = (struct findings){0};
	walk.cache = pool_alloc(unit->pool, CACHE_SLOTS * sizeof *walk.cache);
	walk.clang->clang_visitChildren(whole, visit_top, &walk);
	if (!conflicts_open(&walk.conflicts, unit, findings))
		return;
	walk.clang->clang_visitChildren(whole, visit_top_again, &walk);
	conflicts_close(&walk.conflicts);
}
