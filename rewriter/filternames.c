/* filternames.c - owns what a name in the text may mean: a function of the table, a word for
 * storage, a macro that stands for such.
 *
 * A name is judged by the tokens around it. Pure but for what it notes in the filter;
 * called by filterread and prefilter. */
#include "filter.h"

#include <string.h>

#include "config.h"
#include "hooks.h"
#include "rewrite.h"
#include "shape.h"
#include "standard.h"
#include "storage.h"

bool filter_wants(const struct filter *filter, const char *name, size_t length)
{
	const struct rewrite_request *request = filter->request;
	const struct hook *row = config_hook(request->config, name, length);

	if (!row || (row->kind == HOOK_WATCH && !request->watch))
		return false;
	if (request->watch)
		return true;
	if (config_keeps_function(request->config, filter->pool, row))
		return false;
	return request->threads == THREADS_FIBER || strcmp(row->waits, "THREAD") != 0;
}

bool filter_wants_storage(const struct filter *filter, const char *name, size_t length)
{
	return filter->request->threads == THREADS_FIBER && storage_is_word(name, length);
}

static bool is_macro(void *context, const char *name, size_t length)
{
	const struct filter *filter = context;

	return macros_first(&filter->macros, name, (struct token){TOKEN_NAME, 0, length});
}

/* Whether the word is an attribute that has a function's name in a string. */
static bool is_alias(const char *word, size_t length)
{
	static const char *const words[] = {
		"alias", "__alias__", "ifunc", "__ifunc__", "weakref", "__weakref__"};

	for (size_t i = 0; strchr("_aiw", *word) && i < sizeof words / sizeof *words;
		i++) {
		if (strlen(words[i]) == length && !memcmp(words[i], word, length))
			return true;
	}
	return false;
}

/* Whether a wanted name stands in the body and is no member. Takes in the body's words.
 */
static bool is_tainted(struct filter *filter, struct macro *macro, bool *doubt)
{
	const struct shape_macros macros = {is_macro, filter, filter->macros.cxx};
	const char *text = macro->body;
	struct shape_window window;
	bool tainted = false;
	struct lexer lexer;
	struct token token;

	lex_open(&lexer, text, macro->length);
	lexer.line_began = true;
	shape_window_open(&window);
	while ((token = lex_code(&lexer)).kind != TOKEN_END) {
		struct token before = window.before[0];
		bool member = lex_is(text, before, ".") || lex_is(text, before, "->");
		size_t size = token.end - token.begin;
		if (token.kind == TOKEN_NAME && !member) {
			struct shape shape = shape_of(&lexer, token, &window);
			tainted |= filter_wants(filter, text + token.begin, size) &&
				   !shape_is_kind_of_format(&shape, &macros);
			macro->storage |=
				filter_wants_storage(filter, text + token.begin, size);
			filter->aliases |= is_alias(text + token.begin, size);
		}
		if (token.kind == TOKEN_NAME || token.kind == TOKEN_NUMBER)
			words_add(&filter->words, text + token.begin, size, false);
		shape_window_pass(&window, text, token);
	}
	*doubt |= lexer.doubt;
	return tainted;
}

/* Whether __attribute__ is given a meaning of the user's own. */
static bool redefines_attribute(const struct macro *macro)
{
	const struct token name = {TOKEN_NAME, 0, macro->name_length};

	return (lex_is(macro->name, name, "__attribute__") ||
		       lex_is(macro->name, name, "__attribute")) &&
	       !macros_is_empty(macro);
}

void filter_add_macro(
	struct filter *filter, const char *text, struct token name, size_t end)
{
	struct macro *macro = macros_add(&filter->macros, text, name, end);

	macro->tainted = is_tainted(filter, macro, &filter->doubt);
	filter->doubt |= redefines_attribute(macro);
	macro->pastes = pasting_read(&filter->pasting, macro->body, macro->length);
}

/* Whether an argument of MACRO may be a reference where the body has the parameter. Only
 * the first parameter is looked at. */
static bool first_argument_may_refer(
	const struct macro *macro, const struct shape_macros *macros)
{
	struct shape_window window;
	struct lexer lexer;
	struct token token;

	lex_open(&lexer, macro->body, macro->length);
	lexer.line_began = true;
	lex_code(&lexer);
	struct token parameter = lex_code(&lexer);
	if (!macro->function || parameter.kind != TOKEN_NAME)
		return true;
	while ((token = lex_code(&lexer)).kind != TOKEN_END &&
		!lex_is(macro->body, token, ")"))
		;
	shape_window_open(&window);
	while ((token = lex_code(&lexer)).kind != TOKEN_END) {
		struct shape shape = shape_of(&lexer, token, &window);
		if (lex_same(macro->body, token, macro->body, parameter) &&
			shape_may_refer(&shape, macros))
			return true;
		shape_window_pass(&window, macro->body, token);
	}
	return false;
}

/* Whether the name is the first argument of a macro that is known and takes it for
 * something else. */
static bool is_harmless_argument(struct filter *filter, const struct shape *shape)
{
	const struct shape_macros macros = {is_macro, filter, filter->macros.cxx};
	const char *text = shape->text;

	if (!lex_is(text, shape->before[0], "(") || shape->before[1].kind != TOKEN_NAME ||
		!(lex_is(text, shape->after[0], ")") ||
			lex_is(text, shape->after[0], ",")))
		return false;
	struct macro *macro = macros_first(&filter->macros, text, shape->before[1]);
	bool known = macro != NULL;
	for (; macro && known; macro = macros_next(&filter->macros, macro))
		known = !first_argument_may_refer(macro, &macros);
	return known;
}

static bool refers(struct filter *filter, const struct shape *shape)
{
	const struct shape_macros macros = {is_macro, filter, filter->macros.cxx};

	return shape_may_refer(shape, &macros) && !is_harmless_argument(filter, shape);
}

/* Whether the name is the first argument of a macro. */
static bool is_argument(const struct filter *filter, const struct shape *shape)
{
	return lex_is(shape->text, shape->before[0], "(") &&
	       macros_first(&filter->macros, shape->text, shape->before[1]);
}

bool filter_look_at(struct filter *filter, const struct lexer *lexer, struct token token,
	const struct shape_window *window)
{
	const struct shape_macros macros = {is_macro, filter, filter->macros.cxx};
	const char *text = lexer->text + token.begin;
	size_t length = token.end - token.begin;

	if (token.kind == TOKEN_NAME || token.kind == TOKEN_NUMBER)
		words_add(&filter->words, text, length, true);
	if (token.kind != TOKEN_NAME)
		return false;
	bool hit = filter_wants_storage(filter, text, length) ||
		   (filter->macros.cxx && standard_is_class(text, length));
	struct shape shape = {.text = NULL};
	if (filter_wants(filter, text, length)) {
		shape = shape_of(lexer, token, window);
		hit |= refers(filter, &shape);
	} else if (is_alias(text, length)) {
		shape = shape_of(lexer, token, window);
		filter->aliases |= shape_may_refer(&shape, &macros);
	}
	filter->hit |= hit;
	return hit && shape.text && !is_argument(filter, &shape);
}
