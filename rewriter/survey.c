/* survey.c - walks the bodies of a unit's functions and writes down what happens in them.
 *
 * Events are in the order in which they are evaluated, as far as the text tells: what a
 * call is given comes before the call. Each EVENT_IF, EVENT_LOOP and EVENT_SWITCH has its
 * EVENT_END. Called by rewrite_unit() for the audit; the rules read the result. */
#include <clang-c/Index.h>

#include "survey.h"

#include <string.h>

#include "expression.h"
#include "hooks.h"
#include "libclang.h"
#include "loopkind.h"
#include "pool.h"
#include "surveycomments.h"
#include "surveyguards.h"
#include "unit.h"

static void visit(struct survey_walk *walk, CXCursor cursor);

static enum CXChildVisitResult visit_child(
	CXCursor cursor, CXCursor parent, CXClientData data)
{
	(void)parent;
	visit(data, cursor);
	return CXChildVisit_Continue;
}

static void visit_children(struct survey_walk *walk, CXCursor cursor)
{
	walk->clang->clang_visitChildren(cursor, visit_child, walk);
}

static struct event *add(struct survey_walk *walk, enum event_kind kind, CXCursor cursor)
{
	struct survey *survey = walk->survey;

	survey->events = pool_grow(
		walk->pool, survey->events, survey->nevents, sizeof *survey->events);
	struct event *event = &survey->events[survey->nevents++];
	*event = (struct event){
		.kind = kind,
		.at = unit_mark(walk->unit, walk->clang->clang_getCursorLocation(cursor)),
	};
	return event;
}

static void add_end(struct survey_walk *walk)
{
	struct survey *survey = walk->survey;

	survey->events = pool_grow(
		walk->pool, survey->events, survey->nevents, sizeof *survey->events);
	survey->events[survey->nevents++] = (struct event){.kind = EVENT_END};
}

/* Functions that hooks.def does not have and whose arguments tell something. */
static bool is_of_interest(const char *name)
{
	static const char *const names[] = {"bsd_signal", "dlsym", "dlvsym", "eventfd",
		"inotify_init1", "signalfd", "sigset", "timerfd_create"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* Whether an event from BEGIN on is the name of a function. */
static bool has_names(const struct survey *survey, size_t begin)
{
	for (size_t i = begin; i < survey->nevents; i++)
		if (survey->events[i].kind == EVENT_NAME)
			return true;
	return false;
}

/* The events from BEGIN on are those of the arguments. */
static void add_arguments(
	struct survey_walk *walk, struct event *event, CXCursor call, size_t begin)
{
	int count = walk->clang->clang_Cursor_getNumArguments(call);
	bool closely = event->row || is_of_interest(event->name);

	if (count <= 0 || (event->system && !closely && !has_names(walk->survey, begin)))
		return;
	struct argument *list = pool_alloc(walk->pool, (size_t)count * sizeof *list);
	for (int i = 0; i < count; i++)
		list[i] = expression_argument(walk,
			walk->clang->clang_Cursor_getArgument(call, (unsigned)i),
			closely);
	event->arguments = list;
	event->narguments = (size_t)count;
}

static void describe_function(
	struct survey_walk *walk, struct event *event, CXCursor function)
{
	const struct libclang *clang = walk->clang;

	event->name = expression_take(walk, clang->clang_getCursorSpelling(function));
	event->key = expression_key(walk, function);
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

static void visit_call(struct survey_walk *walk, CXCursor cursor)
{
	const struct libclang *clang = walk->clang;
	CXCursor function = clang->clang_getCursorReferenced(cursor);
	bool direct = expression_is_function(clang->clang_getCursorKind(function));
	struct children children = expression_children(walk, cursor);
	const char *assigned = walk->assigned;
	size_t begin = walk->survey->nevents;

	walk->assigned = NULL;
	for (size_t i = 0; i < children.count; i++) {
		CXCursor named;
		bool callee = i == 0 && direct &&
			      expression_function(walk, children.list[i], &named);
		if (!callee)
			visit(walk, children.list[i]);
	}
	struct event call = {.kind = EVENT_CALL};
	if (direct) {
		describe_function(walk, &call, function);
		add_arguments(walk, &call, cursor, begin);
		if (walk->unit->cxx)
			call.mutex = surveyguards_mutex(walk, cursor, function);
	}
	call.assigned = assigned;
	/* Where the name is, not the namespaces ahead of it: as the finder has it. */
	struct event *event = add(walk, EVENT_CALL,
		children.count ? expression_unwrap(walk, children.list[0]) : cursor);
	call.at = event->at;
	*event = call;
}

static void visit_name(struct survey_walk *walk, CXCursor cursor)
{
	const struct libclang *clang = walk->clang;
	CXCursor referenced = clang->clang_getCursorReferenced(cursor);
	enum CXCursorKind kind = clang->clang_getCursorKind(referenced);

	if (expression_is_function(kind)) {
		struct event *event =
			add(walk, walk->handlers ? EVENT_HANDLER : EVENT_NAME, cursor);
		describe_function(walk, event, referenced);
	} else if (kind == CXCursor_VarDecl &&
		   clang->clang_getCursorTLSKind(referenced) != CXTLS_None &&
		   !unit_is_systems(
			   walk->unit, clang->clang_getCursorLocation(referenced))) {
		const char *name =
			expression_take(walk, clang->clang_getCursorSpelling(referenced));
		add(walk, EVENT_LOCAL, cursor)->name = name;
	}
}

static bool is_handler_member(struct survey_walk *walk, CXCursor cursor)
{
	cursor = expression_unwrap(walk, cursor);
	if (walk->clang->clang_getCursorKind(cursor) != CXCursor_MemberRefExpr)
		return false;
	const char *name =
		unit_take(walk->unit, walk->clang->clang_getCursorSpelling(cursor));
	return !strcmp(name, "sa_handler") || !strcmp(name, "sa_sigaction");
}

static void visit_assignment(struct survey_walk *walk, CXCursor cursor)
{
	struct children children = expression_children(walk, cursor);
	bool handlers = walk->handlers;

	if (children.count != 2) {
		visit_children(walk, cursor);
		return;
	}
	walk->handlers |= is_handler_member(walk, children.list[0]);
	if (walk->clang->clang_getCursorKind(expression_unwrap(walk, children.list[1])) ==
		CXCursor_CallExpr)
		walk->assigned = expression_words(walk, children.list[0]);
	visit(walk, children.list[1]);
	walk->assigned = NULL;
	walk->handlers = handlers;
	visit(walk, children.list[0]);
}

static void visit_variable(struct survey_walk *walk, CXCursor cursor)
{
	const char *type =
		unit_take(walk->unit, walk->clang->clang_getTypeSpelling(
					      walk->clang->clang_getCursorType(cursor)));
	struct children children = expression_children(walk, cursor);
	bool handlers = walk->handlers;

	walk->handlers |=
		strstr(type, "struct sigaction") != NULL && strchr(type, '*') == NULL;
	for (size_t i = 0; i < children.count; i++) {
		if (walk->clang->clang_getCursorKind(expression_unwrap(
			    walk, children.list[i])) == CXCursor_CallExpr)
			walk->assigned = expression_take(
				walk, walk->clang->clang_getCursorSpelling(cursor));
		visit(walk, children.list[i]);
		walk->assigned = NULL;
	}
	walk->handlers = handlers;
}

static void note_guard(struct survey_walk *walk, CXCursor variable)
{
	size_t locked = surveyguards_made(walk, variable);

	for (size_t i = walk->nguards - locked; i < walk->nguards; i++)
		add(walk, EVENT_LOCK, variable)->name = walk->guards[i].mutex;
}

static void visit_scope(struct survey_walk *walk, CXCursor cursor)
{
	size_t before = walk->nguards;

	visit_children(walk, cursor);
	while (walk->nguards > before)
		add(walk, EVENT_UNLOCK, cursor)->name =
			walk->guards[--walk->nguards].mutex;
}

static bool is_expression(struct survey_walk *walk, CXCursor cursor)
{
	enum CXCursorKind kind = walk->clang->clang_getCursorKind(cursor);

	return kind >= CXCursor_FirstExpr && kind <= CXCursor_LastExpr;
}

/* In C++ a declaration may stand ahead of the condition. */
static void visit_if(struct survey_walk *walk, CXCursor cursor)
{
	struct children children = expression_children(walk, cursor);
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

static void visit_loop(struct survey_walk *walk, CXCursor cursor, enum CXCursorKind kind)
{
	struct children children = expression_children(walk, cursor);
	struct event *event = add(walk, EVENT_LOOP, cursor);

	if (kind == CXCursor_WhileStmt && children.count)
		event->loop = loopkind_of(walk, cursor, children.list[0]);
	else if (kind == CXCursor_DoStmt && children.count > 1)
		event->loop = loopkind_of(walk, cursor, children.list[1]);
	else if (kind == CXCursor_ForStmt &&
		 loopkind_lacks_condition(expression_text(walk, cursor)))
		event->loop = LOOP_ENDLESS;
	for (size_t i = 0; i < children.count; i++)
		visit(walk, children.list[i]);
	add_end(walk);
}

static void visit_switch(struct survey_walk *walk, CXCursor cursor)
{
	struct children children = expression_children(walk, cursor);

	for (size_t i = 0; i + 1 < children.count; i++)
		visit(walk, children.list[i]);
	add(walk, EVENT_SWITCH, cursor);
	if (children.count)
		visit(walk, children.list[children.count - 1]);
	add_end(walk);
}

static const char *way_out(enum CXCursorKind kind)
{
	switch ((int)kind) {
	case CXCursor_ReturnStmt:
		return "return";
	case CXCursor_BreakStmt:
		return "break";
	case CXCursor_ContinueStmt:
		return "continue";
	default:
		return "goto";
	}
}

static void visit_leaving(
	struct survey_walk *walk, CXCursor cursor, enum CXCursorKind kind)
{
	visit_children(walk, cursor);
	add(walk, EVENT_LEAVE, cursor)->name = way_out(kind);
}

static void visit_asm(struct survey_walk *walk, CXCursor cursor)
{
	const char *text = expression_text_at(walk, cursor, true);

	visit_children(walk, cursor);
	add(walk, EVENT_ASM, cursor)->name = text;
}

static void visit(struct survey_walk *walk, CXCursor cursor)
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
	case CXCursor_GotoStmt:
	case CXCursor_IndirectGotoStmt:
	case CXCursor_BreakStmt:
	case CXCursor_ContinueStmt:
		visit_leaving(walk, cursor, kind);
		break;
	case CXCursor_GCCAsmStmt:
		visit_asm(walk, cursor);
		break;
	case CXCursor_UnaryExpr: /* sizeof and its kin evaluate nothing */
		break;
	default:
		visit_children(walk, cursor);
	}
}

static struct surveyed *begin_function(struct survey_walk *walk)
{
	struct survey *survey = walk->survey;

	survey->functions = pool_grow(walk->pool, survey->functions, survey->nfunctions,
		sizeof *survey->functions);
	struct surveyed *function = &survey->functions[survey->nfunctions++];
	*function = (struct surveyed){.begin = survey->nevents};
	return function;
}

static void add_parameters(struct survey_walk *walk, struct surveyed *function,
	const struct children *children)
{
	for (size_t i = 0; i < children->count; i++) {
		if (walk->clang->clang_getCursorKind(children->list[i]) !=
			CXCursor_ParmDecl)
			continue;
		function->parameters = pool_grow(walk->pool, function->parameters,
			function->nparameters, sizeof *function->parameters);
		function->parameters[function->nparameters++] = expression_take(
			walk, walk->clang->clang_getCursorSpelling(children->list[i]));
	}
}

static void visit_function(struct survey_walk *walk, CXCursor cursor)
{
	struct children children = expression_children(walk, cursor);
	size_t last = children.count;

	if (!last || walk->clang->clang_getCursorKind(children.list[last - 1]) !=
			     CXCursor_CompoundStmt)
		return;
	struct surveyed *function = begin_function(walk);
	size_t index = walk->survey->nfunctions - 1;
	function->name =
		expression_take(walk, walk->clang->clang_getCursorSpelling(cursor));
	function->key = expression_key(walk, cursor);
	function->external =
		walk->clang->clang_getCursorLinkage(cursor) == CXLinkage_External;
	function->at =
		unit_mark(walk->unit, walk->clang->clang_getCursorLocation(cursor));
	add_parameters(walk, function, &children);
	for (size_t i = 0; i < last; i++)
		visit(walk, children.list[i]);
	walk->survey->functions[index].end = walk->survey->nevents;
}

static void visit_top(struct survey_walk *walk, CXCursor cursor);

static enum CXChildVisitResult visit_member(
	CXCursor cursor, CXCursor parent, CXClientData data)
{
	(void)parent;
	visit_top(data, cursor);
	return CXChildVisit_Continue;
}

static void visit_file_scope(struct survey_walk *walk, CXCursor cursor)
{
	begin_function(walk);
	size_t index = walk->survey->nfunctions - 1;
	visit(walk, cursor);
	walk->survey->functions[index].end = walk->survey->nevents;
	if (walk->survey->functions[index].begin == walk->survey->nevents)
		walk->survey->nfunctions--;
}

static void visit_top_asm(struct survey_walk *walk, CXCursor cursor)
{
	const char *text = expression_text_at(walk, cursor, true);

	if (strncmp(text, "asm", 3) && strncmp(text, "__asm", 5))
		return;
	begin_function(walk);
	add(walk, EVENT_ASM, cursor)->name = text;
	walk->survey->functions[walk->survey->nfunctions - 1].end = walk->survey->nevents;
}

static void visit_top(struct survey_walk *walk, CXCursor cursor)
{
	enum CXCursorKind kind = walk->clang->clang_getCursorKind(cursor);

	if (expression_is_function(kind)) {
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
	struct survey_walk *walk = data;
	struct spot begin = unit_spot_used(
		walk->unit, walk->clang->clang_getRangeStart(
				    walk->clang->clang_getCursorExtent(cursor)));

	(void)parent;
	if (begin.file == NO_FILE || walk->unit->files[begin.file].system)
		return CXChildVisit_Continue;
	visit_top(walk, cursor);
	return CXChildVisit_Continue;
}

static void list_files(struct survey_walk *walk)
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
	struct survey_walk walk = {.unit = unit,
		.clang = unit->parse->clang,
		.survey = survey,
		.pool = pool};

	*survey = (struct survey){0};
	walk.clang->clang_visitChildren(
		walk.clang->clang_getTranslationUnitCursor(unit->parse->tu),
		visit_declaration, &walk);
	surveycomments_find(survey, unit, pool);
	list_files(&walk);
}
