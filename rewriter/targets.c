/* targets.c - knows which declarations are libc's functions of hooks.def, and what a unit
 * says of them.
 *
 * One counts if it is an external function, in C++ of linkage "C", that a system header
 * declares first: that leaves alone members, locals, the program's own functions and
 * autoconf's `char connect();`. Called by finder. */
#include <clang-c/Index.h>

#include "targets.h"

#include <string.h>

#include "attributes.h"
#include "config.h"
#include "finder.h"
#include "hooks.h"
#include "libclang.h"
#include "pool.h"
#include "rewrite.h"

enum { CACHE_SLOTS = 2048 };

struct cached {
	CXCursor cursor;
	size_t target;
	bool valid;
};

struct declaration {
	CXCursor cursor;
	size_t ordinal;
};

/* A declaration at file scope that is in the way of naming libc's function there. */
struct overload {
	const char *name;
	size_t top;
};

const char *targets_spelling(struct targets *targets, CXCursor cursor)
{
	return unit_take(targets->unit, targets->clang->clang_getCursorSpelling(cursor));
}

static const char *printed(struct targets *targets, CXCursor cursor)
{
	const struct libclang *clang = targets->clang;
	CXPrintingPolicy policy = clang->clang_getCursorPrintingPolicy(cursor);

	clang->clang_PrintingPolicy_setProperty(policy, CXPrintingPolicy_TerseOutput, 1);
	const char *text = unit_take(
		targets->unit, clang->clang_getCursorPrettyPrinted(cursor, policy));
	clang->clang_PrintingPolicy_dispose(policy);
	return text;
}

static bool has_transparent_union(struct targets *targets, CXCursor function)
{
	const struct libclang *clang = targets->clang;
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

/* The macro with which glibc's inline form of FUNCTION measures its buffer, says how
 * strict it is with formats, or sees that a mode is missing; NULL if it has no such
 * form. */
static const char *object_size_macro(struct targets *targets, CXCursor function)
{
	static const char *const macros[] = {"__glibc_objsize0", "__glibc_objsize",
		"__bos0", "__bos", "__USE_FORTIFY_LEVEL", "__OPEN_NEEDS_MODE"};
	const struct libclang *clang = targets->clang;
	CXCursor definition = clang->clang_getCursorDefinition(function);

	if (clang->clang_getCursorKind(definition) != CXCursor_FunctionDecl)
		return NULL;
	CXSourceRange extent = clang->clang_getCursorExtent(definition);
	struct spot begin =
		unit_spot_used(targets->unit, clang->clang_getRangeStart(extent));
	struct spot end = unit_spot_used(targets->unit, clang->clang_getRangeEnd(extent));
	if (begin.file == NO_FILE || begin.file != end.file || end.offset < begin.offset)
		return NULL;
	struct parse *parse = targets->unit->parse;
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

static size_t ordinal_of(struct targets *targets, CXCursor canonical)
{
	for (size_t i = 0; i < targets->ndeclarations; i++) {
		if (targets->clang->clang_equalCursors(
			    targets->declarations[i].cursor, canonical))
			return targets->declarations[i].ordinal;
	}
	return 0;
}

/* Whether the program itself defines FUNCTION: then its calls are no calls of libc. */
static bool is_programs_own(struct targets *targets, CXCursor function)
{
	CXCursor definition = targets->clang->clang_getCursorDefinition(function);

	return targets->clang->clang_getCursorKind(definition) == CXCursor_FunctionDecl &&
	       !unit_is_systems(targets->unit,
		       targets->clang->clang_getCursorLocation(definition));
}

static size_t add_target(
	struct targets *targets, CXCursor canonical, const struct hook *row)
{
	struct findings *found = targets->findings;

	for (size_t i = 0; i < found->ntargets; i++) {
		const CXCursor *known = found->targets[i].cursor;
		if (targets->clang->clang_equalCursors(*known, canonical))
			return i;
	}
	CXCursor *kept = pool_alloc(targets->unit->pool, sizeof *kept);
	*kept = canonical;
	found->targets = pool_grow(targets->unit->pool, found->targets, found->ntargets,
		sizeof *found->targets);
	found->targets[found->ntargets] = (struct target){.row = row, .cursor = kept};
	return found->ntargets++;
}

/* Notes what FUNCTION, one of the declarations of the target, says about it. */
static void describe(struct targets *targets, struct target *target, CXCursor function)
{
	const struct libclang *clang = targets->clang;
	CXCursor canonical = *(const CXCursor *)target->cursor;
	const char *texts[] = {
		printed(targets, canonical), printed(targets, function), NULL};

	const char *name = targets_spelling(targets, function);
	if (strcmp(name, target->row->name) != 0)
		target->called = name;
	target->weak |= attributes_are_weak(texts[0]) || attributes_are_weak(texts[1]);
	target->symbol =
		unit_take(targets->unit, clang->clang_Cursor_getMangling(function));
	if (target->name)
		return;
	target->name = target->row->name;
	target->declared = ordinal_of(targets, canonical);
	target->by_libc =
		unit_is_systems(targets->unit, clang->clang_getCursorLocation(canonical));
	target->cxx = targets->unit->cxx;
	target->nested = target->cxx && !target->declared;
	target->takes_union = has_transparent_union(targets, canonical);
	target->object_size = object_size_macro(targets, function);
	target->attributes = pool_printf(targets->unit->pool, "%s%s",
		attributes_for_mirror(targets->unit->pool, texts,
			unit_take(targets->unit,
				clang->clang_getTypeSpelling(
					clang->clang_getCursorType(function)))),
		target->row->kind == HOOK_MAPPED
			? ""
			: attributes_of_builtin(targets->unit->pool, target->name,
				  targets->request->gcc));
}

/* In C++, whether FUNCTION is not one of linkage "C". */
static bool is_of_cxx(struct targets *targets, CXCursor function)
{
	return targets->unit->cxx &&
	       !strncmp(unit_take(targets->unit,
				targets->clang->clang_Cursor_getMangling(function)),
		       "_Z", 2);
}

/* The symbol that FUNCTION, which has no body, is a weak reference to; NULL if it is none.
 * libclang may tell it as that of an alias. */
static const char *weak_reference(struct targets *targets, CXCursor function)
{
	static const char *const attributes[] = {"((alias(\"", "((weakref(\""};
	const struct libclang *clang = targets->clang;

	if (!clang->clang_Cursor_isNull(clang->clang_getCursorDefinition(function)))
		return NULL;
	const char *text = printed(targets, function);
	if (!strstr(text, "((weakref("))
		return NULL;
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
		const char *found = strstr(text, attributes[i]);
		size_t length = found ? strcspn(found += strlen(attributes[i]), "\"") : 0;
		if (length)
			return pool_copy(targets->unit->pool, found, length);
	}
	return NULL;
}

/* The row of the symbol that FUNCTION, a declaration of the program's, is another name of;
 * NULL if it is none. */
static const struct hook *row_of_symbol(
	struct targets *targets, CXCursor function, const char *symbol)
{
	const struct hook *row = symbol ? hooks_find(symbol, strlen(symbol)) : NULL;

	return row && !unit_is_systems(targets->unit,
			      targets->clang->clang_getCursorLocation(function))
		       ? row
		       : NULL;
}

/* The row that FUNCTION belongs to: that of its name or, if it says so, of its symbol. */
static const struct hook *row_of(struct targets *targets, CXCursor function)
{
	const struct libclang *clang = targets->clang;

	switch (clang->clang_getCursorLinkage(function)) {
	case CXLinkage_External:
		break;
	case CXLinkage_Internal:
		return row_of_symbol(
			targets, function, weak_reference(targets, function));
	default:
		return NULL;
	}
	const char *name = targets_spelling(targets, function);
	const struct hook *row =
		config_hook(targets->request->config, name, strlen(name));
	if (row)
		return is_of_cxx(targets, function) ? NULL : row;
	const char *symbol =
		unit_take(targets->unit, clang->clang_Cursor_getMangling(function));
	return row_of_symbol(targets, function, symbol);
}

static size_t resolve_anew(struct targets *targets, CXCursor function)
{
	const struct libclang *clang = targets->clang;

	if (clang->clang_getCursorKind(function) != CXCursor_FunctionDecl)
		return NO_TARGET;
	const struct hook *row = row_of(targets, function);
	if (!row || (row->kind == HOOK_WATCH && !targets->request->watch) ||
		(row->kind != HOOK_MAPPED && is_programs_own(targets, function)))
		return NO_TARGET;
	size_t index =
		add_target(targets, clang->clang_getCanonicalCursor(function), row);
	describe(targets, &targets->findings->targets[index], function);
	return index;
}

/* The target that a referenced declaration belongs to. */
size_t targets_resolve(struct targets *targets, CXCursor referenced)
{
	unsigned slot = targets->clang->clang_hashCursor(referenced) % CACHE_SLOTS;
	struct cached *cached = &targets->cache[slot];

	if (cached->valid &&
		targets->clang->clang_equalCursors(cached->cursor, referenced))
		return cached->target;
	*cached = (struct cached){referenced, resolve_anew(targets, referenced), true};
	return cached->target;
}

/* The one function of the table among those that a name in a template may turn out to
 * mean. */
size_t targets_resolve_overloads(struct targets *targets, CXCursor overloads)
{
	unsigned count = targets->clang->clang_getNumOverloadedDecls(overloads);
	size_t target = NO_TARGET;

	for (unsigned i = 0; i < count && target == NO_TARGET; i++)
		target = targets_resolve(
			targets, targets->clang->clang_getOverloadedDecl(overloads, i));
	return target;
}

void targets_open(struct targets *targets, struct unit *unit, struct findings *findings,
	const struct rewrite_request *request)
{
	*targets = (struct targets){.unit = unit,
		.clang = unit->parse->clang,
		.findings = findings,
		.request = request};
	targets->cache = pool_alloc(unit->pool, CACHE_SLOTS * sizeof *targets->cache);
}

void targets_remember(struct targets *targets, CXCursor function, size_t ordinal)
{
	targets->declarations = pool_grow(targets->unit->pool, targets->declarations,
		targets->ndeclarations, sizeof *targets->declarations);
	targets->declarations[targets->ndeclarations++] =
		(struct declaration){function, ordinal};
}

/* Whether the declaration CURSOR can give a name of libc's another meaning. */
static bool may_overload(struct targets *targets, CXCursor cursor)
{
	switch ((int)targets->clang->clang_getCursorKind(cursor)) {
	case CXCursor_FunctionDecl:
		return is_of_cxx(targets, cursor);
	case CXCursor_FunctionTemplate:
	case CXCursor_UsingDeclaration:
		return true;
	default:
		return false;
	}
}

void targets_note_overload(struct targets *targets, CXCursor cursor, size_t top)
{
	const char *name = targets_spelling(targets, cursor);

	if (!config_hook(targets->request->config, name, strlen(name)) ||
		!may_overload(targets, cursor))
		return;
	targets->overloads = pool_grow(targets->unit->pool, targets->overloads,
		targets->noverloads, sizeof *targets->overloads);
	targets->overloads[targets->noverloads++] = (struct overload){name, top};
}

void targets_close(struct targets *targets)
{
	for (size_t i = 0; i < targets->findings->ntargets; i++) {
		struct target *target = &targets->findings->targets[i];
		for (size_t k = targets->noverloads; k-- > 0;)
			if (!strcmp(targets->overloads[k].name, target->name))
				target->overload = targets->overloads[k].top + 1;
	}
}
