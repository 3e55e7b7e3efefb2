/* survey.c - walks the bodies of a unit's functions and writes down what happens in them.
 *
 * Events are in the order in which they are evaluated, as far as the text tells: what a
 * call is given comes before the call. Each EVENT_IF, EVENT_LOOP and EVENT_SWITCH has its
 * EVENT_END. Called by rewrite_unit() for the audit; the rules read the result. */
#include <clang-c/Index.h>

#include "survey.h"

#include <ctype.h>
#include <string.h>

#include "hooks.h"
#include "libclang.h"
#include "pool.h"
#include "unit.h"

struct walk {
	struct unit *unit;
	const struct libclang *clang;
	struct survey *survey;
	struct pool *pool;
	const char **guards; /* what objects of C++ have locked in the scopes around */
	size_t nguards;
	const char *assigned; /* what takes the value of the call that comes next */
	bool handlers;        /* within an initializer of a struct sigaction */
};

struct children {
	struct walk *walk;
	CXCursor *list;
	size_t count;
};

static void visit(struct walk *walk, CXCursor cursor);

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

static struct children children_of(struct walk *walk, CXCursor cursor)
{
	struct children children = {.walk = walk};

	walk->clang->clang_visitChildren(cursor, collect, &children);
	return children;
}

static enum CXChildVisitResult visit_child(
	CXCursor cursor, CXCursor parent, CXClientData data)
{
	(void)parent;
	visit(data, cursor);
	return CXChildVisit_Continue;
}

static void visit_children(struct walk *walk, CXCursor cursor)
{
	walk->clang->clang_visitChildren(cursor, visit_child, walk);
}

static struct mark mark_of(struct walk *walk, CXSourceLocation location)
{
	struct spot spelled = unit_spot_spelled(walk->unit, location);
	struct spot used = unit_spot_used(walk->unit, location);

	return (struct mark){
		.file = spelled.file,
		.offset = spelled.offset,
		.line = spelled.line,
		.column = spelled.column,
		.use_file = used.file,
		.use_offset = used.offset,
		.use_line = used.line,
		.use_column = used.column,
		.in_macro = spelled.file != used.file || spelled.offset != used.offset,
	};
}

static struct event *add(struct walk *walk, enum event_kind kind, CXCursor cursor)
{
	struct survey *survey = walk->survey;

	survey->events = pool_grow(
		walk->pool, survey->events, survey->nevents, sizeof *survey->events);
	struct event *event = &survey->events[survey->nevents++];
	*event = (struct event){
		.kind = kind,
		.at = mark_of(walk, walk->clang->clang_getCursorLocation(cursor)),
	};
	return event;
}

static void add_end(struct walk *walk)
{
	struct survey *survey = walk->survey;

	survey->events = pool_grow(
		walk->pool, survey->events, survey->nevents, sizeof *survey->events);
	survey->events[survey->nevents++] = (struct event){.kind = EVENT_END};
}

static const char *take(struct walk *walk, CXString string)
{
	return pool_string(walk->pool, unit_take(walk->unit, string));
}

/* The text of CURSOR in one of the user's files; "" if it is in none, or in parts.
 * MACRO: it may be in the body of a macro. */
static const char *text_at(struct walk *walk, CXCursor cursor, bool macro)
{
	CXSourceRange extent = walk->clang->clang_getCursorExtent(cursor);
	struct mark start = mark_of(walk, walk->clang->clang_getRangeStart(extent));
	struct mark stop = mark_of(walk, walk->clang->clang_getRangeEnd(extent));
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

static const char *text_of(struct walk *walk, CXCursor cursor)
{
	return text_at(walk, cursor, false);
}

/* The expression without what the compiler wraps around it. */
static CXCursor unwrap(struct walk *walk, CXCursor cursor)
{
	for (;;) {
		enum CXCursorKind kind = walk->clang->clang_getCursorKind(cursor);
		if (kind != CXCursor_UnexposedExpr && kind != CXCursor_ParenExpr &&
			kind != CXCursor_CStyleCastExpr)
			return cursor;
		struct children children = children_of(walk, cursor);
		if (!children.count)
			return cursor;
		cursor = children.list[children.count - 1];
	}
}

static bool is_function(enum CXCursorKind kind)
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

static const char *key_of(struct walk *walk, CXCursor function)
{
	const char *name = take(walk, walk->clang->clang_getCursorSpelling(function));

	if (!walk->unit->cxx)
		return name;
	const char *mangled = take(walk, walk->clang->clang_Cursor_getMangling(function));
	return *mangled ? mangled : name;
}

/* The function that an expression names, or the address of which it takes. */
static bool named_function(struct walk *walk, CXCursor cursor, CXCursor *function)
{
	cursor = unwrap(walk, cursor);
	if (walk->clang->clang_getCursorKind(cursor) == CXCursor_UnaryOperator) {
		struct children children = children_of(walk, cursor);
		if (children.count != 1)
			return false;
		cursor = unwrap(walk, children.list[0]);
	}
	if (walk->clang->clang_getCursorKind(cursor) != CXCursor_DeclRefExpr)
		return false;
	*function = walk->clang->clang_getCursorReferenced(cursor);
	return is_function(walk->clang->clang_getCursorKind(*function));
}

static bool evaluate(struct walk *walk, CXCursor cursor, long long *value)
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
	struct walk *walk;
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
	if (evaluate(bits->walk, cursor, &value))
		bits->bits |= value;
	return CXChildVisit_Continue;
}

/* Without the quotes; escapes stay. */
static const char *string_of(struct walk *walk, CXCursor cursor)
{
	cursor = unwrap(walk, cursor);
	if (walk->clang->clang_getCursorKind(cursor) != CXCursor_StringLiteral)
		return NULL;
	const char *text = take(walk, walk->clang->clang_getCursorSpelling(cursor));
	size_t length = strlen(text);
	return length >= 2 && *text == '"' ? pool_copy(walk->pool, text + 1, length - 2)
					   : text;
}

/* A name and the way to it, "&list[i]->lock", as a macro would have made it; "" if there
 * is more to the expression. */
static const char *render(struct walk *walk, CXCursor cursor)
{
	const struct libclang *clang = walk->clang;

	cursor = unwrap(walk, cursor);
	struct children children = children_of(walk, cursor);
	enum CXCursorKind kind = clang->clang_getCursorKind(cursor);
	if (!children.count && kind != CXCursor_DeclRefExpr &&
		kind != CXCursor_MemberRefExpr && kind != CXCursor_IntegerLiteral)
		return "";
	switch ((int)kind) {
	case CXCursor_DeclRefExpr:
		return take(walk, clang->clang_getCursorSpelling(cursor));
	case CXCursor_MemberRefExpr:
		if (!children.count)
			return take(walk, clang->clang_getCursorSpelling(cursor));
		return pool_printf(walk->pool, "%s%s%s", render(walk, children.list[0]),
			clang->clang_getCursorType(children.list[0]).kind ==
					CXType_Pointer
				? "->"
				: ".",
			take(walk, clang->clang_getCursorSpelling(cursor)));
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
		evaluate(walk, cursor, &value);
		return pool_printf(walk->pool, "%lld", value);
	}
	default:
		return "";
	}
}

/* As written, or as a macro makes it. */
static const char *words_of(struct walk *walk, CXCursor cursor)
{
	const char *text = text_of(walk, cursor);

	return *text ? text : render(walk, cursor);
}

static struct argument argument_of(struct walk *walk, CXCursor cursor, bool closely)
{
	struct argument argument = {.text = words_of(walk, cursor)};
	struct bits bits = {.walk = walk};
	CXCursor function;

	if (named_function(walk, cursor, &function))
		argument.function = key_of(walk, function);
	if (!closely)
		return argument;
	argument.string = string_of(walk, cursor);
	argument.constant = evaluate(walk, cursor, &argument.value);
	add_bits(cursor, cursor, &bits);
	walk->clang->clang_visitChildren(cursor, add_bits, &bits);
	argument.bits = argument.constant ? argument.value : bits.bits;
	return argument;
}

/* Functions that hooks.def does not have and whose arguments tell something. */
static bool is_of_interest(const char *name)
{
	static const char *const names[] = {"bsd_signal", "dlsym", "dlvsym", "sigset"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static void add_arguments(struct walk *walk, struct event *event, CXCursor call)
{
	int count = walk->clang->clang_Cursor_getNumArguments(call);
	bool closely = event->row || is_of_interest(event->name);

	if (count <= 0 || (event->system && !closely))
		return;
	struct argument *list = pool_alloc(walk->pool, (size_t)count * sizeof *list);
	for (int i = 0; i < count; i++)
		list[i] = argument_of(walk,
			walk->clang->clang_Cursor_getArgument(call, (unsigned)i),
			closely);
	event->arguments = list;
	event->narguments = (size_t)count;
}

static void describe_function(struct walk *walk, struct event *event, CXCursor function)
{
	const struct libclang *clang = walk->clang;

	event->name = take(walk, clang->clang_getCursorSpelling(function));
	event->key = key_of(walk, function);
	event->system = unit_is_systems(
		walk->unit, clang->clang_getCursorLocation(
				    clang->clang_getCanonicalCursor(function)));
	const struct hook *row = hooks_find(event->name, strlen(event->name));
	CXCursor definition = clang->clang_getCursorDefinition(function);
	bool own =
		clang->clang_getCursorKind(definition) == CXCursor_FunctionDecl &&
		!unit_is_systems(walk->unit, clang->clang_getCursorLocation(definition));
	event->row = own || clang->clang_getCursorKind(function) != CXCursor_FunctionDecl
			     ? NULL
			     : row;
}

static void visit_call(struct walk *walk, CXCursor cursor)
{
	const struct libclang *clang = walk->clang;
	CXCursor function = clang->clang_getCursorReferenced(cursor);
	bool direct = is_function(clang->clang_getCursorKind(function));
	struct children children = children_of(walk, cursor);
	const char *assigned = walk->assigned;

	walk->assigned = NULL;
	for (size_t i = 0; i < children.count; i++) {
		CXCursor named;
		bool callee = i == 0 && direct &&
			      named_function(walk, children.list[i], &named);
		if (!callee)
			visit(walk, children.list[i]);
	}
	struct event call = {.kind = EVENT_CALL};
	if (direct) {
		describe_function(walk, &call, function);
		add_arguments(walk, &call, cursor);
	}
	call.assigned = assigned;
	/* Where the name is, not the namespaces ahead of it: as the finder has it. */
	struct event *event = add(walk, EVENT_CALL,
		children.count ? unwrap(walk, children.list[0]) : cursor);
	call.at = event->at;
	*event = call;
}

static void visit_name(struct walk *walk, CXCursor cursor)
{
	const struct libclang *clang = walk->clang;
	CXCursor referenced = clang->clang_getCursorReferenced(cursor);
	enum CXCursorKind kind = clang->clang_getCursorKind(referenced);

	if (is_function(kind)) {
		struct event *event =
			add(walk, walk->handlers ? EVENT_HANDLER : EVENT_NAME, cursor);
		describe_function(walk, event, referenced);
	} else if (kind == CXCursor_VarDecl &&
		   clang->clang_getCursorTLSKind(referenced) != CXTLS_None &&
		   !unit_is_systems(
			   walk->unit, clang->clang_getCursorLocation(referenced))) {
		const char *name = take(walk, clang->clang_getCursorSpelling(referenced));
		add(walk, EVENT_LOCAL, cursor)->name = name;
	}
}

static bool is_handler_member(struct walk *walk, CXCursor cursor)
{
	cursor = unwrap(walk, cursor);
	if (walk->clang->clang_getCursorKind(cursor) != CXCursor_MemberRefExpr)
		return false;
	const char *name =
		unit_take(walk->unit, walk->clang->clang_getCursorSpelling(cursor));
	return !strcmp(name, "sa_handler") || !strcmp(name, "sa_sigaction");
}

static void visit_assignment(struct walk *walk, CXCursor cursor)
{
	struct children children = children_of(walk, cursor);
	bool handlers = walk->handlers;

	if (children.count != 2) {
		visit_children(walk, cursor);
		return;
	}
	walk->handlers |= is_handler_member(walk, children.list[0]);
	if (walk->clang->clang_getCursorKind(unwrap(walk, children.list[1])) ==
		CXCursor_CallExpr)
		walk->assigned = words_of(walk, children.list[0]);
	visit(walk, children.list[1]);
	walk->assigned = NULL;
	walk->handlers = handlers;
	visit(walk, children.list[0]);
}

static void visit_variable(struct walk *walk, CXCursor cursor)
{
	const char *type =
		unit_take(walk->unit, walk->clang->clang_getTypeSpelling(
					      walk->clang->clang_getCursorType(cursor)));
	struct children children = children_of(walk, cursor);
	bool handlers = walk->handlers;

	walk->handlers |=
		strstr(type, "struct sigaction") != NULL && strchr(type, '*') == NULL;
	for (size_t i = 0; i < children.count; i++) {
		if (walk->clang->clang_getCursorKind(unwrap(walk, children.list[i])) ==
			CXCursor_CallExpr)
			walk->assigned =
				take(walk, walk->clang->clang_getCursorSpelling(cursor));
		visit(walk, children.list[i]);
		walk->assigned = NULL;
	}
	walk->handlers = handlers;
}

/* Whether an object of TYPE locks what it is made with until it goes. */
static bool is_guard(const char *type)
{
	static const char *const names[] = {"std::lock_guard<", "std::unique_lock<",
		"std::scoped_lock<", "std::shared_lock<"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strncmp(type, names[i], strlen(names[i])))
			return true;
	return false;
}

/* A second argument says that it is locked some other time, or already. */
static void note_guard(struct walk *walk, CXCursor variable)
{
	const struct libclang *clang = walk->clang;
	const char *type = unit_take(
		walk->unit, clang->clang_getTypeSpelling(clang->clang_getCanonicalType(
				    clang->clang_getCursorType(variable))));
	struct children children = children_of(walk, variable);

	if (!children.count || !is_guard(type))
		return;
	CXCursor made = children.list[children.count - 1];
	if (clang->clang_Cursor_getNumArguments(made) != 1)
		return;
	const char *name = words_of(walk, clang->clang_Cursor_getArgument(made, 0));
	if (!*name)
		return;
	add(walk, EVENT_LOCK, variable)->name = name;
	walk->guards =
		pool_grow(walk->pool, walk->guards, walk->nguards, sizeof *walk->guards);
	walk->guards[walk->nguards++] = name;
}

static void visit_scope(struct walk *walk, CXCursor cursor)
{
	size_t before = walk->nguards;

	visit_children(walk, cursor);
	while (walk->nguards > before)
		add(walk, EVENT_UNLOCK, cursor)->name = walk->guards[--walk->nguards];
}

static bool is_expression(struct walk *walk, CXCursor cursor)
{
	enum CXCursorKind kind = walk->clang->clang_getCursorKind(cursor);

	return kind >= CXCursor_FirstExpr && kind <= CXCursor_LastExpr;
}

/* In C++ a declaration may stand ahead of the condition. */
static void visit_if(struct walk *walk, CXCursor cursor)
{
	struct children children = children_of(walk, cursor);
	size_t i = 0;

	while (i + 1 < children.count && !is_expression(walk, children.list[i]))
		visit(walk, children.list[i++]);
	if (i < children.count)
		visit(walk, children.list[i++]);
	add(walk, EVENT_IF, cursor);
	if (i < children.count)
		visit(walk, children.list[i++]);
	if (i < children.count) {
		add(walk, EVENT_ELSE, children.list[i]);
		visit(walk, children.list[i]);
	}
	add_end(walk);
}

/* Whether between the semicolons of the `for` at TEXT there is nothing. */
static bool has_no_condition(const char *text)
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
	struct walk *walk;
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
	struct walk *walk = condition->walk;
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

static enum loop_kind kind_of_loop(struct walk *walk, CXCursor cursor, CXCursor condition)
{
	const char *text = text_of(walk, cursor);
	const char *own = text_of(walk, condition);
	long long value;

	if (evaluate(walk, condition, &value))
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

static void visit_loop(struct walk *walk, CXCursor cursor, enum CXCursorKind kind)
{
	struct children children = children_of(walk, cursor);
	struct event *event = add(walk, EVENT_LOOP, cursor);

	if (kind == CXCursor_WhileStmt && children.count)
		event->loop = kind_of_loop(walk, cursor, children.list[0]);
	else if (kind == CXCursor_DoStmt && children.count > 1)
		event->loop = kind_of_loop(walk, cursor, children.list[1]);
	else if (kind == CXCursor_ForStmt && has_no_condition(text_of(walk, cursor)))
		event->loop = LOOP_ENDLESS;
	for (size_t i = 0; i < children.count; i++)
		visit(walk, children.list[i]);
	add_end(walk);
}

static void visit_switch(struct walk *walk, CXCursor cursor)
{
	struct children children = children_of(walk, cursor);

	for (size_t i = 0; i + 1 < children.count; i++)
		visit(walk, children.list[i]);
	add(walk, EVENT_SWITCH, cursor);
	if (children.count)
		visit(walk, children.list[children.count - 1]);
	add_end(walk);
}

static void leave(struct walk *walk, CXCursor cursor, const char *how)
{
	visit_children(walk, cursor);
	add(walk, EVENT_LEAVE, cursor)->name = how;
}

static void visit(struct walk *walk, CXCursor cursor)
{
	enum CXCursorKind kind = walk->clang->clang_getCursorKind(cursor);

	switch ((int)kind) {
	case CXCursor_CallExpr:
		visit_call(walk, cursor);
		break;
	case CXCursor_DeclRefExpr:
		visit_name(walk, cursor);
		break;
	case CXCursor_BinaryOperator:
		if (walk->clang->clang_getCursorBinaryOperatorKind(cursor) ==
			CXBinaryOperator_Assign)
			visit_assignment(walk, cursor);
		else
			visit_children(walk, cursor);
		break;
	case CXCursor_VarDecl:
		visit_variable(walk, cursor);
		if (walk->unit->cxx)
			note_guard(walk, cursor);
		break;
	case CXCursor_CompoundStmt:
		visit_scope(walk, cursor);
		break;
	case CXCursor_IfStmt:
		visit_if(walk, cursor);
		break;
	case CXCursor_WhileStmt:
	case CXCursor_DoStmt:
	case CXCursor_ForStmt:
	case CXCursor_CXXForRangeStmt:
		visit_loop(walk, cursor, kind);
		break;
	case CXCursor_SwitchStmt:
		visit_switch(walk, cursor);
		break;
	case CXCursor_CaseStmt:
	case CXCursor_DefaultStmt:
		add(walk, EVENT_CASE, cursor);
		visit_children(walk, cursor);
		break;
	case CXCursor_ReturnStmt:
		leave(walk, cursor, "return");
		break;
	case CXCursor_GotoStmt:
	case CXCursor_IndirectGotoStmt:
		leave(walk, cursor, "goto");
		break;
	case CXCursor_BreakStmt:
		leave(walk, cursor, "break");
		break;
	case CXCursor_ContinueStmt:
		leave(walk, cursor, "continue");
		break;
	case CXCursor_GCCAsmStmt: {
		const char *text = text_at(walk, cursor, true);
		visit_children(walk, cursor);
		add(walk, EVENT_ASM, cursor)->name = text;
		break;
	}
	case CXCursor_UnaryExpr: /* sizeof and its kin evaluate nothing */
		break;
	default:
		visit_children(walk, cursor);
	}
}

static struct surveyed *begin_function(struct walk *walk)
{
	struct survey *survey = walk->survey;

	survey->functions = pool_grow(walk->pool, survey->functions, survey->nfunctions,
		sizeof *survey->functions);
	struct surveyed *function = &survey->functions[survey->nfunctions++];
	*function = (struct surveyed){.begin = survey->nevents};
	return function;
}

static void add_parameters(
	struct walk *walk, struct surveyed *function, const struct children *children)
{
	for (size_t i = 0; i < children->count; i++) {
		if (walk->clang->clang_getCursorKind(children->list[i]) !=
			CXCursor_ParmDecl)
			continue;
		function->parameters = pool_grow(walk->pool, function->parameters,
			function->nparameters, sizeof *function->parameters);
		function->parameters[function->nparameters++] = take(
			walk, walk->clang->clang_getCursorSpelling(children->list[i]));
	}
}

static void visit_function(struct walk *walk, CXCursor cursor)
{
	struct children children = children_of(walk, cursor);
	size_t last = children.count;

	if (!last || walk->clang->clang_getCursorKind(children.list[last - 1]) !=
			     CXCursor_CompoundStmt)
		return;
	struct surveyed *function = begin_function(walk);
	size_t index = walk->survey->nfunctions - 1;
	function->name = take(walk, walk->clang->clang_getCursorSpelling(cursor));
	function->key = key_of(walk, cursor);
	function->at = mark_of(walk, walk->clang->clang_getCursorLocation(cursor));
	add_parameters(walk, function, &children);
	for (size_t i = 0; i < last; i++)
		visit(walk, children.list[i]);
	walk->survey->functions[index].end = walk->survey->nevents;
}

static void visit_top(struct walk *walk, CXCursor cursor);

static enum CXChildVisitResult visit_member(
	CXCursor cursor, CXCursor parent, CXClientData data)
{
	(void)parent;
	visit_top(data, cursor);
	return CXChildVisit_Continue;
}

static void visit_file_scope(struct walk *walk, CXCursor cursor)
{
	begin_function(walk);
	size_t index = walk->survey->nfunctions - 1;
	visit(walk, cursor);
	walk->survey->functions[index].end = walk->survey->nevents;
	if (walk->survey->functions[index].begin == walk->survey->nevents)
		walk->survey->nfunctions--;
}

static void visit_top_asm(struct walk *walk, CXCursor cursor)
{
	const char *text = text_at(walk, cursor, true);

	if (strncmp(text, "asm", 3) && strncmp(text, "__asm", 5))
		return;
	begin_function(walk);
	add(walk, EVENT_ASM, cursor)->name = text;
	walk->survey->functions[walk->survey->nfunctions - 1].end = walk->survey->nevents;
}

static void visit_top(struct walk *walk, CXCursor cursor)
{
	enum CXCursorKind kind = walk->clang->clang_getCursorKind(cursor);

	if (is_function(kind)) {
		visit_function(walk, cursor);
		return;
	}
	switch ((int)kind) {
	case CXCursor_VarDecl:
		visit_file_scope(walk, cursor);
		break;
	case CXCursor_UnexposedDecl:
		visit_top_asm(walk, cursor);
		walk->clang->clang_visitChildren(cursor, visit_member, walk);
		break;
	case CXCursor_LinkageSpec:
	case CXCursor_Namespace:
	case CXCursor_ClassDecl:
	case CXCursor_StructDecl:
	case CXCursor_ClassTemplate:
	case CXCursor_ClassTemplatePartialSpecialization:
		walk->clang->clang_visitChildren(cursor, visit_member, walk);
		break;
	default:
		break;
	}
}

static enum CXChildVisitResult visit_declaration(
	CXCursor cursor, CXCursor parent, CXClientData data)
{
	struct walk *walk = data;
	struct spot begin = unit_spot_used(
		walk->unit, walk->clang->clang_getRangeStart(
				    walk->clang->clang_getCursorExtent(cursor)));

	(void)parent;
	if (begin.file == NO_FILE || walk->unit->files[begin.file].system)
		return CXChildVisit_Continue;
	visit_top(walk, cursor);
	return CXChildVisit_Continue;
}

static void add_comment(struct walk *walk, size_t file, const char *begin, const char *at)
{
	static const char sign[] = "cohook-audit:";
	struct survey *survey = walk->survey;
	const struct unit_file *texts = &walk->unit->files[file];
	const char *end = texts->text + texts->length, *start = at;
	unsigned line = 1;

	for (const char *c = begin; c < at; c++)
		line += *c == '\n';
	while (start > begin && start[-1] != '\n')
		start--;
	const char *first = start + strspn(start, " \t");
	const char *rest = at + sizeof sign - 1;
	const char *stop = memchr(rest, '\n', (size_t)(end - rest));
	survey->comments = pool_grow(walk->pool, survey->comments, survey->ncomments,
		sizeof *survey->comments);
	survey->comments[survey->ncomments++] = (struct survey_comment){
		.file = file,
		.line = line,
		.alone = !strncmp(first, "/*", 2) || !strncmp(first, "//", 2),
		.text = pool_copy(walk->pool, rest, (size_t)((stop ? stop : end) - rest)),
	};
}

static bool is_in_comment(const char *begin, const char *at)
{
	while (at > begin && at[-1] != '\n') {
		at--;
		if (!strncmp(at, "/*", 2) || !strncmp(at, "//", 2))
			return true;
	}
	return false;
}

static void find_comments(struct walk *walk)
{
	static const char sign[] = "cohook-audit:";

	for (size_t i = 0; i < walk->unit->nfiles; i++) {
		const struct unit_file *file = &walk->unit->files[i];
		if (!file->text || file->system)
			continue;
		const char *at = file->text, *end = at + file->length;
		while ((at = memmem(at, (size_t)(end - at), sign, sizeof sign - 1))) {
			if (is_in_comment(file->text, at))
				add_comment(walk, i, file->text, at);
			at += sizeof sign - 1;
		}
	}
}

static void list_files(struct walk *walk)
{
	struct survey *survey = walk->survey;
	const struct unit *unit = walk->unit;

	survey->files =
		pool_alloc(walk->pool, (unit->nfiles + 1) * sizeof *survey->files);
	for (size_t i = 0; i < unit->nfiles; i++)
		survey->files[i] = pool_string(walk->pool, unit->files[i].name);
	survey->nfiles = unit->nfiles;
}

void survey_make(struct survey *survey, struct unit *unit, struct pool *pool)
{
	struct walk walk = {.unit = unit,
		.clang = unit->parse->clang,
		.survey = survey,
		.pool = pool};

	*survey = (struct survey){0};
	walk.clang->clang_visitChildren(
		walk.clang->clang_getTranslationUnitCursor(unit->parse->tu),
		visit_declaration, &walk);
	find_comments(&walk);
	list_files(&walk);
}
