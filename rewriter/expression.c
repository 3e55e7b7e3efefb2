/* expression.c - owns what can be said of one expression: its place, its text, its value,
 * what it names.
 *
 * Texts are those of the user's files; what a macro wrote is put together from the names
 * in it. Called by survey and by loopkind. */
#include <clang-c/Index.h>

#include "expression.h"

#include <string.h>

#include "libclang.h"
#include "pool.h"
#include "unit.h"

static enum CXChildVisitResult collect(
	CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct children *children = data;

	(void)parent;
	children->list = pool_grow(children->walk->unit->pool, children->list,
		children->count, sizeof *children->list);
	children->list[children->count++] = cursor;
	return CXChildVisit_Continue;
}

struct children expression_children(struct survey_walk *walk, CXCursor cursor)
{
	struct children children = {.walk = walk};

	walk->clang->clang_visitChildren(cursor, collect, &children);
	return children;
}

const char *expression_take(struct survey_walk *walk, CXString string)
{
	return pool_string(walk->pool, unit_take(walk->unit, string));
}

/* The text of CURSOR in one of the user's files; "" if it is in none, or in parts.
 * MACRO: it may be in the body of a macro. */
const char *expression_text_at(struct survey_walk *walk, CXCursor cursor, bool macro)
{
	CXSourceRange extent = walk->clang->clang_getCursorExtent(cursor);
	struct mark start =
		unit_mark(walk->unit, walk->clang->clang_getRangeStart(extent));
	struct mark stop = unit_mark(walk->unit, walk->clang->clang_getRangeEnd(extent));
	struct spot begin = {.file = start.file, .offset = (unsigned)start.offset};
	struct spot end = {.file = stop.file, .offset = (unsigned)stop.offset};
	const struct unit_file *file =
		begin.file == NO_FILE ? NULL : &walk->unit->files[begin.file];

	if ((start.in_macro || stop.in_macro) && !macro)
		return "";
	if (!file || !file->text || end.file != begin.file || end.offset < begin.offset ||
		end.offset > file->length)
		return "";
	return pool_copy(
		walk->pool, file->text + begin.offset, end.offset - begin.offset);
}

const char *expression_text(struct survey_walk *walk, CXCursor cursor)
{
	return expression_text_at(walk, cursor, false);
}

/* The expression without what the compiler wraps around it. */
CXCursor expression_unwrap(struct survey_walk *walk, CXCursor cursor)
{
	for (;;) {
		enum CXCursorKind kind = walk->clang->clang_getCursorKind(cursor);
		if (kind != CXCursor_UnexposedExpr && kind != CXCursor_ParenExpr &&
			kind != CXCursor_CStyleCastExpr)
			return cursor;
		struct children children = expression_children(walk, cursor);
		if (!children.count)
			return cursor;
		cursor = children.list[children.count - 1];
	}
}

bool expression_is_function(enum CXCursorKind kind)
{
	switch ((int)kind) {
	case CXCursor_FunctionDecl:
	case CXCursor_CXXMethod:
	case CXCursor_Constructor:
	case CXCursor_Destructor:
	case CXCursor_ConversionFunction:
	case CXCursor_FunctionTemplate:
		return true;
	default:
		return false;
	}
}

const char *expression_key(struct survey_walk *walk, CXCursor function)
{
	const char *name =
		expression_take(walk, walk->clang->clang_getCursorSpelling(function));

	if (!walk->unit->cxx)
		return name;
	const char *mangled =
		expression_take(walk, walk->clang->clang_Cursor_getMangling(function));
	return *mangled ? mangled : name;
}

/* The function that an expression names, or the address of which it takes. */
bool expression_function(struct survey_walk *walk, CXCursor cursor, CXCursor *function)
{
	cursor = expression_unwrap(walk, cursor);
	if (walk->clang->clang_getCursorKind(cursor) == CXCursor_UnaryOperator) {
		struct children children = expression_children(walk, cursor);
		if (children.count != 1)
			return false;
		cursor = expression_unwrap(walk, children.list[0]);
	}
	if (walk->clang->clang_getCursorKind(cursor) != CXCursor_DeclRefExpr)
		return false;
	*function = walk->clang->clang_getCursorReferenced(cursor);
	return expression_is_function(walk->clang->clang_getCursorKind(*function));
}

bool expression_evaluate(struct survey_walk *walk, CXCursor cursor, long long *value)
{
	CXEvalResult result = walk->clang->clang_Cursor_Evaluate(cursor);
	bool is_number =
		result && walk->clang->clang_EvalResult_getKind(result) == CXEval_Int;

	if (is_number)
		*value = walk->clang->clang_EvalResult_getAsLongLong(result);
	if (result)
		walk->clang->clang_EvalResult_dispose(result);
	return is_number;
}

struct bits {
	struct survey_walk *walk;
	long long bits;
};

static enum CXChildVisitResult add_bits(
	CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct bits *bits = data;
	long long value;

	(void)parent;
	if (bits->walk->clang->clang_getCursorKind(cursor) == CXCursor_CallExpr)
		return CXChildVisit_Continue;
	if (bits->walk->clang->clang_getCursorKind(cursor) != CXCursor_IntegerLiteral)
		return CXChildVisit_Recurse;
	if (expression_evaluate(bits->walk, cursor, &value))
		bits->bits |= value;
	return CXChildVisit_Continue;
}

/* Without the quotes; escapes stay. */
static const char *string_of(struct survey_walk *walk, CXCursor cursor)
{
	cursor = expression_unwrap(walk, cursor);
	if (walk->clang->clang_getCursorKind(cursor) != CXCursor_StringLiteral)
		return NULL;
	const char *text =
		expression_take(walk, walk->clang->clang_getCursorSpelling(cursor));
	size_t length = strlen(text);
	return length >= 2 && *text == '"' ? pool_copy(walk->pool, text + 1, length - 2)
					   : text;
}

/* A name and the way to it, "&list[i]->lock", as a macro would have made it; "" if there
 * is more to the expression. */
static const char *render(struct survey_walk *walk, CXCursor cursor)
{
	const struct libclang *clang = walk->clang;

	cursor = expression_unwrap(walk, cursor);
	struct children children = expression_children(walk, cursor);
	enum CXCursorKind kind = clang->clang_getCursorKind(cursor);
	if (!children.count && kind != CXCursor_DeclRefExpr &&
		kind != CXCursor_MemberRefExpr && kind != CXCursor_IntegerLiteral)
		return "";
	switch ((int)kind) {
	case CXCursor_DeclRefExpr:
		return expression_take(walk, clang->clang_getCursorSpelling(cursor));
	case CXCursor_MemberRefExpr:
		if (!children.count)
			return expression_take(
				walk, clang->clang_getCursorSpelling(cursor));
		return pool_printf(walk->pool, "%s%s%s", render(walk, children.list[0]),
			clang->clang_getCursorType(children.list[0]).kind ==
					CXType_Pointer
				? "->"
				: ".",
			expression_take(walk, clang->clang_getCursorSpelling(cursor)));
	case CXCursor_ArraySubscriptExpr:
		return pool_printf(walk->pool, "%s[%s]", render(walk, children.list[0]),
			render(walk, children.list[children.count - 1]));
	case CXCursor_UnaryOperator:
		return pool_printf(walk->pool, "%s%s",
			clang->clang_getCursorUnaryOperatorKind(cursor) ==
					CXUnaryOperator_AddrOf
				? "&"
				: "*",
			render(walk, children.list[0]));
	case CXCursor_IntegerLiteral: {
		long long value = 0;
		expression_evaluate(walk, cursor, &value);
		return pool_printf(walk->pool, "%lld", value);
	}
	default:
		return "";
	}
}

/* As written, or as a macro makes it. */
const char *expression_words(struct survey_walk *walk, CXCursor cursor)
{
	const char *text = expression_text(walk, cursor);

	return *text ? text : render(walk, cursor);
}

struct argument expression_argument(
	struct survey_walk *walk, CXCursor cursor, bool closely)
{
	struct argument argument = {.text = expression_words(walk, cursor)};
	struct bits bits = {.walk = walk};
	CXCursor function;

	if (expression_function(walk, cursor, &function))
		argument.function = expression_key(walk, function);
	if (!closely)
		return argument;
	argument.string = string_of(walk, cursor);
	argument.constant = expression_evaluate(walk, cursor, &argument.value);
	add_bits(cursor, cursor, &bits);
	walk->clang->clang_visitChildren(cursor, add_bits, &bits);
	argument.bits = argument.constant ? argument.value : bits.bits;
	return argument;
}
