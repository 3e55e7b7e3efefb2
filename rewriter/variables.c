/* variables.c - knows which declarations are thread-local variables of the program, and
 * what a unit says of them.
 *
 * One counts if no system header declares it first. A copy of what the variables are when
 * a thread begins must be all that there is to its start, so those of C++ that code has
 * to set up, or to take down, are told apart. Called by finder; locals judges what this
 * finds. */
#include <clang-c/Index.h>

#include "variables.h"

#include <ctype.h>
#include <string.h>

#include "attributes.h"
#include "finder.h"
#include "libclang.h"
#include "pool.h"

static const char *printed(struct variables *variables, CXCursor cursor)
{
	const struct libclang *clang = variables->clang;
	CXPrintingPolicy policy = clang->clang_getCursorPrintingPolicy(cursor);
	const char *text = unit_take(
		variables->unit, clang->clang_getCursorPrettyPrinted(cursor, policy));

	clang->clang_PrintingPolicy_dispose(policy);
	return text;
}

static bool is_identifier(const char *text)
{
	if (!isalpha((unsigned char)*text) && *text != '_')
		return false;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && *text != '_')
			return false;
	return true;
}

static bool is_variable(const struct variables *variables, CXCursor cursor)
{
	return variables->clang->clang_getCursorKind(cursor) == CXCursor_VarDecl &&
	       variables->clang->clang_getCursorTLSKind(cursor) != CXTLS_None;
}

struct constancy {
	struct variables *variables;
	bool holds;
};

/* A constructor that is called without arguments is, in a type of C, none; one with
 * arguments has to be of the kind that compilers can run. */
static bool is_constant_call(
	struct variables *variables, CXCursor call, CXCursor constructor)
{
	const struct libclang *clang = variables->clang;

	if (clang->clang_getCursorKind(constructor) != CXCursor_Constructor)
		return false;
	return clang->clang_Cursor_getNumArguments(call) == 0 ||
	       strstr(printed(variables, constructor), "constexpr");
}

/* Whether CURSOR, as a child of PARENT in an initializer, stands for something that the
 * linker knows. */
static bool is_constant(struct variables *variables, CXCursor cursor, CXCursor parent)
{
	const struct libclang *clang = variables->clang;
	CXCursor referenced = clang->clang_getCursorReferenced(cursor);
	enum CXCursorKind kind = clang->clang_getCursorKind(referenced);

	switch ((int)clang->clang_getCursorKind(cursor)) {
	case CXCursor_IntegerLiteral:
	case CXCursor_FloatingLiteral:
	case CXCursor_ImaginaryLiteral:
	case CXCursor_StringLiteral:
	case CXCursor_CharacterLiteral:
	case CXCursor_CXXBoolLiteralExpr:
	case CXCursor_CXXNullPtrLiteralExpr:
	case CXCursor_GNUNullExpr:
	case CXCursor_ParenExpr:
	case CXCursor_UnaryOperator:
	case CXCursor_BinaryOperator:
	case CXCursor_ConditionalOperator:
	case CXCursor_InitListExpr:
	case CXCursor_CStyleCastExpr:
	case CXCursor_CXXStaticCastExpr:
	case CXCursor_CXXReinterpretCastExpr:
	case CXCursor_CXXConstCastExpr:
	case CXCursor_CXXFunctionalCastExpr:
	case CXCursor_UnexposedExpr:
	case CXCursor_UnaryExpr:
	case CXCursor_TypeRef:
	case CXCursor_NamespaceRef:
	case CXCursor_MemberRef:
		return true;
	case CXCursor_CallExpr:
		return is_constant_call(variables, cursor, referenced);
	case CXCursor_DeclRefExpr:
		if (kind == CXCursor_VarDecl)
			return clang->clang_getCursorKind(parent) ==
				       CXCursor_UnaryOperator &&
			       clang->clang_getCursorTLSKind(referenced) == CXTLS_None;
		return kind == CXCursor_EnumConstantDecl || kind == CXCursor_FunctionDecl;
	default:
		return false;
	}
}

static enum CXChildVisitResult look_at_part(
	CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct constancy *constancy = data;

	if (is_constant(constancy->variables, cursor, parent))
		return CXChildVisit_Recurse;
	constancy->holds = false;
	return CXChildVisit_Break;
}

static bool has_constant_value(const struct libclang *clang, CXCursor initializer)
{
	CXEvalResult value = clang->clang_Cursor_Evaluate(initializer);

	if (!value)
		return false;
	CXEvalResultKind kind = clang->clang_EvalResult_getKind(value);
	clang->clang_EvalResult_dispose(value);
	return kind == CXEval_Int || kind == CXEval_Float;
}

/* Whether the variable is there without any code; C knows no other. */
static bool starts_as_image(struct variables *variables, CXCursor cursor)
{
	const struct libclang *clang = variables->clang;
	CXCursor initializer = clang->clang_Cursor_getVarDeclInitializer(cursor);
	struct constancy constancy = {variables, true};

	if (!variables->unit->cxx || clang->clang_Cursor_isNull(initializer) ||
		has_constant_value(clang, initializer))
		return true;
	if (look_at_part(initializer, cursor, &constancy) == CXChildVisit_Recurse)
		clang->clang_visitChildren(initializer, look_at_part, &constancy);
	return constancy.holds;
}

static bool is_of_class_template(const struct variables *variables, CXCursor cursor)
{
	const struct libclang *clang = variables->clang;
	CXCursor outer = clang->clang_getCursorSemanticParent(cursor);

	switch ((int)clang->clang_getCursorKind(outer)) {
	case CXCursor_ClassTemplate:
	case CXCursor_ClassTemplatePartialSpecialization:
		return true;
	default:
		return false;
	}
}

/* Why the declaration CURSOR forbids copies of the variable, NULL if it does not. */
static const char *why_not(
	struct variables *variables, CXCursor cursor, const char *text, bool in_template)
{
	const struct libclang *clang = variables->clang;

	if (in_template || is_of_class_template(variables, cursor))
		return "it belongs to a template";
	if (variables->unit->cxx &&
		!clang->clang_isPODType(clang->clang_getCursorType(cursor)))
		return "its type is no plain one of C";
	if (!starts_as_image(variables, cursor))
		return "code has to run to initialize it";
	return attributes_are_weak(text) ? "it is weak" : NULL;
}

static bool is_defined_by(
	const struct variables *variables, CXCursor cursor, const char *text)
{
	const struct libclang *clang = variables->clang;

	if (!clang->clang_Cursor_isNull(
		    clang->clang_Cursor_getVarDeclInitializer(cursor)) ||
		strstr(text, "alias("))
		return true;
	if (variables->unit->cxx)
		return clang->clang_isCursorDefinition(cursor);
	return clang->clang_Cursor_getStorageClass(cursor) != CX_SC_Extern;
}

static size_t find(const struct variables *variables, CXCursor canonical)
{
	const struct findings *found = variables->findings;

	for (size_t i = 0; i < found->nvariables; i++) {
		const CXCursor *known = found->variables[i].cursor;
		if (variables->clang->clang_equalCursors(*known, canonical))
			return i;
	}
	return NO_VARIABLE;
}

static size_t add(struct variables *variables, CXCursor canonical)
{
	const struct libclang *clang = variables->clang;
	struct findings *found = variables->findings;
	struct unit *unit = variables->unit;
	CXCursor *kept = pool_alloc(unit->pool, sizeof *kept);
	struct spot spot =
		unit_spot_used(unit, clang->clang_getCursorLocation(canonical));
	enum CXLinkageKind linkage = clang->clang_getCursorLinkage(canonical);

	*kept = canonical;
	found->variables = pool_grow(unit->pool, found->variables, found->nvariables,
		sizeof *found->variables);
	found->variables[found->nvariables] = (struct variable){
		.name = unit_take(unit, clang->clang_getCursorSpelling(canonical)),
		.symbol = unit_take(unit, clang->clang_Cursor_getMangling(canonical)),
		.file = spot.file,
		.line = spot.line,
		.external = linkage == CXLinkage_External,
		.top = NO_FILE,
		.cursor = kept,
	};
	return found->nvariables++;
}

/* Its index, if CURSOR declares one of the program's. */
static size_t enlist(struct variables *variables, CXCursor cursor)
{
	const struct libclang *clang = variables->clang;

	if (!variables->wanted || !is_variable(variables, cursor))
		return NO_VARIABLE;
	CXCursor canonical = clang->clang_getCanonicalCursor(cursor);
	size_t index = find(variables, canonical);
	if (index != NO_VARIABLE || unit_is_systems(variables->unit,
					    clang->clang_getCursorLocation(canonical)))
		return index;
	return add(variables, canonical);
}

void variables_note(
	struct variables *variables, CXCursor cursor, size_t top, bool in_template)
{
	size_t index = enlist(variables, cursor);

	if (index == NO_VARIABLE)
		return;
	struct variable *variable = &variables->findings->variables[index];
	const char *text = printed(variables, cursor);
	const char *why = why_not(variables, cursor, text, in_template);
	if (!variable->why)
		variable->why = why;
	if (variable->external && !is_identifier(variable->symbol))
		variable->why = "its symbol is no name";
	variable->noted = true;
	if (is_defined_by(variables, cursor, text)) {
		variable->defined = true;
		variable->top = top < variable->top ? top : variable->top;
	}
}

size_t variables_resolve(struct variables *variables, CXCursor referenced)
{
	size_t index = enlist(variables, referenced);

	if (index != NO_VARIABLE && !variables->findings->variables[index].noted)
		variables->findings->variables[index].why = "it belongs to a template";
	return index;
}
