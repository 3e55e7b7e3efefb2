/* loopkind.c - decides whether a loop ends by itself, as far as its text tells.
 *
 * A loop that waits for others has variables in its condition that they may change, and
 * that its own text does not name. Called by survey. */
#include <clang-c/Index.h>

#include "loopkind.h"

#include <ctype.h>
#include <string.h>

#include "pool.h"
#include "unit.h"

/* Whether between the semicolons of the `for` at TEXT there is nothing. */
bool loopkind_lacks_condition(const char *text)
{
	const char *at = strchr(text, '(');
	int depth = 0, semicolons = 0;

	for (; at && *at; at++) {
		if (*at == '(')
			depth++;
		else if (*at == ')' && !--depth)
			return false;
		else if (*at == ';' && depth == 1 && ++semicolons == 1) {
			at += strspn(at + 1, " \t\r\n");
			if (at[1] == ';')
				return true;
		}
	}
	return false;
}

struct condition {
	struct survey_walk *walk;
	const char *body;
	size_t variables;
	bool local; /* something in it is not for others to change */
};

static bool names(const char *text, const char *name)
{
	size_t length = strlen(name);
	const char *at = text;

	while ((at = strstr(at, name))) {
		bool begins =
			at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_');
		at += length;
		if (begins && !(isalnum((unsigned char)*at) || *at == '_'))
			return true;
	}
	return false;
}

/* A variable that others may change while the loop runs, and that the loop does not. */
static bool is_for_others(struct condition *condition, CXCursor variable)
{
	struct survey_walk *walk = condition->walk;
	const struct libclang *clang = walk->clang;
	const char *name =
		unit_take(walk->unit, clang->clang_getCursorSpelling(variable));
	CXType type = clang->clang_getCursorType(variable);
	bool shared = clang->clang_isVolatileQualifiedType(type) ||
		      strstr(unit_take(walk->unit, clang->clang_getTypeSpelling(type)),
			      "tomic") ||
		      clang->clang_getCursorKind(clang->clang_getCursorSemanticParent(
			      variable)) == CXCursor_TranslationUnit;

	return shared && !names(condition->body, name);
}

static enum CXChildVisitResult look_at_condition(
	CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct condition *condition = data;
	const struct libclang *clang = condition->walk->clang;

	(void)parent;
	switch ((int)clang->clang_getCursorKind(cursor)) {
	case CXCursor_CallExpr:
	case CXCursor_MemberRefExpr:
	case CXCursor_ArraySubscriptExpr:
	case CXCursor_CompoundAssignOperator:
		condition->local = true;
		return CXChildVisit_Break;
	case CXCursor_DeclRefExpr: {
		CXCursor variable = clang->clang_getCursorReferenced(cursor);
		if (clang->clang_getCursorKind(variable) == CXCursor_VarDecl) {
			condition->variables++;
			condition->local |= !is_for_others(condition, variable);
		} else if (clang->clang_getCursorKind(variable) !=
			   CXCursor_EnumConstantDecl)
			condition->local = true;
		break;
	}
	default:
		break;
	}
	return CXChildVisit_Recurse;
}

enum loop_kind loopkind_of(struct survey_walk *walk, CXCursor cursor, CXCursor condition)
{
	const char *text = expression_text(walk, cursor);
	const char *own = expression_text(walk, condition);
	long long value;

	if (expression_evaluate(walk, condition, &value))
		return value ? LOOP_ENDLESS : LOOP_BOUNDED;
	if (!*text || !*own)
		return LOOP_BOUNDED;
	/* The condition itself is no body. */
	const char *rest = strstr(text, own);
	struct condition look = {.walk = walk, .body = rest ? rest + strlen(own) : text};
	if (walk->clang->clang_getCursorKind(cursor) == CXCursor_DoStmt)
		look.body = pool_copy(walk->pool, text,
			strlen(text) > strlen(own) + 1 ? strlen(text) - strlen(own) - 1
						       : 0);
	look_at_condition(condition, condition, &look);
	if (!look.local)
		walk->clang->clang_visitChildren(condition, look_at_condition, &look);
	return look.variables && !look.local ? LOOP_SPINS : LOOP_BOUNDED;
}
