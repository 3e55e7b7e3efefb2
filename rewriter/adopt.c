/* adopt.c - finds the functions in the C++ library's headers that a rewritten unit has
 * copies of its own of.
 *
 * std::mutex::lock() is an inline function: the linker keeps one of all units' copies,
 * which might be that of a unit that was not rewritten. So the name of each that may come
 * to wait, those that only call such a one included, gets a tag. What it cannot be put
 * on stays the library's: virtual functions, whose tables units share, friends, and what
 * macros spell. Functions that the library has in its binary get bodies from
 * standard.def. Called by finder for every cursor in those headers. */
#include "adopt.h"

#include <string.h>

#include "config.h"
#include "finder.h"
#include "hooks.h"
#include "libclang.h"
#include "pool.h"
#include "standard.h"

static const char glue_prefix[] = "__gthread_";

static const struct libclang *clang_of(const struct adopter *adopter)
{
	return adopter->unit->parse->clang;
}

static const char *spelling(struct adopter *adopter, CXCursor cursor)
{
	return unit_take(
		adopter->unit, clang_of(adopter)->clang_getCursorSpelling(cursor));
}

static void note_glue(struct adopter *adopter, const char *name)
{
	for (size_t i = 0; i < adopter->nglue; i++)
		if (!strcmp(adopter->glue[i], name))
			return;
	adopter->glue = pool_grow(adopter->unit->pool, adopter->glue, adopter->nglue,
		sizeof *adopter->glue);
	adopter->glue[adopter->nglue++] = name;
}

static bool is_class(enum CXCursorKind kind)
{
	return kind == CXCursor_ClassDecl || kind == CXCursor_StructDecl ||
	       kind == CXCursor_ClassTemplate ||
	       kind == CXCursor_ClassTemplatePartialSpecialization;
}

/* Whether FUNCTION's name is seen outside of functions. */
static bool is_shared(struct adopter *adopter, CXCursor function)
{
	const struct libclang *clang = clang_of(adopter);

	for (;;) {
		function = clang->clang_getCursorSemanticParent(function);
		enum CXCursorKind kind = clang->clang_getCursorKind(function);
		if (kind == CXCursor_TranslationUnit || kind == CXCursor_LinkageSpec)
			return true;
		if (kind != CXCursor_Namespace && !is_class(kind))
			return false;
	}
}

/* A friend is declared in a class that it is no member of. */
static bool is_friend(struct adopter *adopter, CXCursor declaration)
{
	const struct libclang *clang = clang_of(adopter);
	CXCursor around = clang->clang_getCursorLexicalParent(declaration);

	return is_class(clang->clang_getCursorKind(around)) &&
	       !clang->clang_equalCursors(
		       around, clang->clang_getCursorSemanticParent(declaration));
}

static enum CXCursorKind kind_of(struct adopter *adopter, CXCursor function)
{
	const struct libclang *clang = clang_of(adopter);
	enum CXCursorKind kind = clang->clang_getCursorKind(function);

	return kind == CXCursor_FunctionTemplate
		       ? clang->clang_getTemplateCursorKind(function)
		       : kind;
}

/* gcc takes an attribute behind a constructor's name for its parameters, and one ahead of
 * another name may become part of the type. */
static bool is_tagged_ahead(enum CXCursorKind kind)
{
	return kind == CXCursor_Constructor || kind == CXCursor_Destructor ||
	       kind == CXCursor_ConversionFunction;
}

static bool is_function(enum CXCursorKind kind)
{
	return kind == CXCursor_FunctionDecl || kind == CXCursor_CXXMethod ||
	       is_tagged_ahead(kind);
}

static bool waits_by_name(const char *name)
{
	return !strncmp(name, "wait", 4) || !strncmp(name, "_M_wait", 7) ||
	       !strncmp(name, "notify", 6);
}

/* Where DECLARATION's name ends if it stands in a header that may be changed as it is
 * spelled, with parameters behind it; or 0. */
static size_t name_end(
	struct adopter *adopter, struct spot at, struct spot used, const char *name)
{
	size_t length = strlen(name);

	if (at.file == NO_FILE || at.file != used.file || at.offset != used.offset)
		return 0;
	const struct unit_file *file = &adopter->unit->files[at.file];
	if (!file->part || !file->text || file->length - at.offset <= length ||
		memcmp(file->text + at.offset, name, length))
		return 0;
	size_t end = at.offset + length;
	return file->text[end + strspn(file->text + end, " \t\n")] == '(' ? end : 0;
}

static void add(struct adopter *adopter, struct adopted adopted)
{
	struct findings *found = adopter->findings;

	found->adopted = pool_grow(adopter->unit->pool, found->adopted, found->nadopted,
		sizeof *found->adopted);
	found->adopted[found->nadopted++] = adopted;
}

/* FUNCTION has a body in a header. */
static void adopt(struct adopter *adopter, CXCursor function, enum standard_part part)
{
	const struct libclang *clang = clang_of(adopter);
	CXCursor first = clang->clang_getCanonicalCursor(function);
	enum CXCursorKind kind = kind_of(adopter, function);
	CXSourceLocation location = clang->clang_getCursorLocation(first);
	struct spot at = unit_spot_spelled(adopter->unit, location);
	struct spot used = unit_spot_used(adopter->unit, location);
	const char *name = spelling(adopter, first);
	bool ahead = is_tagged_ahead(kind);

	if (part == STANDARD_WAITS && (ahead || !waits_by_name(name)))
		return;
	if (clang->clang_getCursorLinkage(first) != CXLinkage_External ||
		clang->clang_CXXMethod_isVirtual(function) ||
		!is_shared(adopter, first) || is_friend(adopter, first))
		return;
	/* A class template's are spelled with its arguments. */
	if (ahead)
		name = pool_copy(adopter->unit->pool, name, strcspn(name, "<"));
	size_t end = name_end(adopter, at, used, name);
	if (end)
		add(adopter, (struct adopted){
				     at.file, ahead ? at.offset : end, ahead, 0, NULL});
}

/* METHOD may be one that the library has in its binary. */
static void define(struct adopter *adopter, CXCursor method)
{
	const struct libclang *clang = clang_of(adopter);
	const struct standard_own *own = standard_own(
		unit_take(adopter->unit, clang->clang_Cursor_getMangling(method)));
	const struct hook *row = own ? hooks_find(own->needs, strlen(own->needs)) : NULL;

	if (!row || row->kind == HOOK_WATCH ||
		config_keeps_function(adopter->request->config, adopter->unit->pool, row))
		return;
	CXSourceLocation location = clang->clang_getCursorLocation(method);
	struct spot at = unit_spot_spelled(adopter->unit, location);
	struct spot used = unit_spot_used(adopter->unit, location);
	size_t end = name_end(adopter, at, used, spelling(adopter, method));
	const char *text = adopter->unit->files[at.file].text;
	const char *semicolon = end ? strchr(text + end, ';') : NULL;
	if (!semicolon)
		return;
	add(adopter, (struct adopted){at.file, end, false,
			     (size_t)(semicolon + 1 - text) - end, own->text});
	for (const char *glue = own->text; (glue = strstr(glue, glue_prefix));) {
		size_t length = strcspn(glue, "(");
		note_glue(adopter, pool_copy(adopter->unit->pool, glue, length));
		glue += length;
	}
}

static bool is_defined(struct adopter *adopter, CXCursor method)
{
	const struct libclang *clang = clang_of(adopter);

	return clang->clang_getCursorKind(clang->clang_getCursorDefinition(method)) ==
	       CXCursor_CXXMethod;
}

void adopt_look(struct adopter *adopter, CXCursor cursor, CXCursor parent, size_t file)
{
	const struct libclang *clang = clang_of(adopter);
	enum CXCursorKind kind = clang->clang_getCursorKind(cursor);
	enum standard_part part = adopter->unit->files[file].part;

	if (kind == CXCursor_DeclRefExpr) {
		const char *name = spelling(adopter, cursor);
		if (!strncmp(name, glue_prefix, sizeof glue_prefix - 1))
			note_glue(adopter, name);
	}
	if (part == STANDARD_GLUE)
		return;
	if (kind == CXCursor_CompoundStmt && is_function(kind_of(adopter, parent)))
		adopt(adopter, parent, part);
	else if (kind == CXCursor_CXXMethod && part == STANDARD_WHOLE &&
		 !is_defined(adopter, cursor))
		define(adopter, cursor);
}

/* Without a function of the unit's own nothing of it is changed. */
static bool is_idle(const struct adopter *adopter, const struct reference *reference)
{
	if (reference->top == NO_FILE)
		return false;
	size_t home = adopter->findings->tops[reference->top].file;
	if (adopter->unit->files[home].part != STANDARD_GLUE || !reference->function)
		return false;
	for (size_t i = 0; i < adopter->nglue && adopter->findings->nadopted; i++)
		if (!strcmp(adopter->glue[i], reference->function))
			return false;
	return true;
}

void adopt_close(struct adopter *adopter)
{
	struct findings *found = adopter->findings;
	size_t kept = 0;

	for (size_t i = 0; i < found->nreferences; i++)
		if (!is_idle(adopter, &found->references[i]))
			found->references[kept++] = found->references[i];
	found->nreferences = kept;
}
