/* macros.c - owns the list of macros that the prefilter has come across.
 *
 * No macro is ever taken back: what #undef or an #if removes counts all the same, which
 * errs on the side of a hit. Called by the prefilter. */
#include "macros.h"

#include <string.h>

#include "pool.h"
#include "shape.h"

static size_t slot_of(const char *name, size_t length)
{
	size_t hash = length;

	for (size_t i = 0; i < length; i++)
		hash = hash * 31 + (unsigned char)name[i];
	return hash % MACRO_SLOTS;
}

/* Moves behind the group in parentheses that TOKEN opens; the token after it. */
static struct token behind_group(struct lexer *lexer, struct token token)
{
	size_t depth = 0;

	for (; token.kind != TOKEN_END; token = lex_code(lexer)) {
		depth += lex_is(lexer->text, token, "(");
		if (lex_is(lexer->text, token, ")") && !--depth)
			return lex_code(lexer);
	}
	return token;
}

/* The first token behind the parameters. */
static struct token open_body(const struct macro *macro, struct lexer *lexer)
{
	lex_open(lexer, macro->body, macro->length);
	lexer->line_began = true;
	struct token token = lex_code(lexer);
	return macro->function ? behind_group(lexer, token) : token;
}

bool macros_is_empty(const struct macro *macro)
{
	struct lexer lexer;
	struct token token = open_body(macro, &lexer);

	return token.kind == TOKEN_END;
}

static bool is_simple(const struct macro *macro)
{
	struct lexer lexer;
	struct token token = open_body(macro, &lexer);

	if (token.kind != TOKEN_NAME)
		return false;
	token = lex_code(&lexer);
	if (lex_is(macro->body, token, "("))
		token = behind_group(&lexer, token);
	return token.kind == TOKEN_END;
}

struct macro *macros_add(
	struct macros *macros, const char *text, struct token name, size_t end)
{
	size_t slot = slot_of(text + name.begin, name.end - name.begin);

	macros->list = pool_grow(
		macros->pool, macros->list, macros->count, sizeof *macros->list);
	struct macro *macro = &macros->list[macros->count++];
	*macro = (struct macro){.name = text + name.begin,
		.name_length = (unsigned)(name.end - name.begin),
		.body = text + name.end,
		.length = (unsigned)(end - name.end),
		.next = macros->slots[slot]};
	macros->slots[slot] = macros->count;
	macro->function = macro->length && *macro->body == '(';
	macro->simple = is_simple(macro);
	return macro;
}

void macros_defined_at(struct macros *macros, const char *place)
{
	macros->list[macros->count - 1].place = place;
}

static struct macro *find(
	const struct macros *macros, size_t index, const char *name, size_t length)
{
	for (; index; index = macros->list[index - 1].next) {
		struct macro *macro = &macros->list[index - 1];
		if (macro->name_length == length && !memcmp(macro->name, name, length))
			return macro;
	}
	return NULL;
}

struct macro *macros_first(
	const struct macros *macros, const char *text, struct token name)
{
	size_t length = name.end - name.begin;
	size_t slot = slot_of(text + name.begin, length);

	return find(macros, macros->slots[slot], text + name.begin, length);
}

struct macro *macros_next(const struct macros *macros, const struct macro *macro)
{
	return find(macros, macro->next, macro->name, macro->name_length);
}

bool macros_have(const struct macro *macro, enum macro_property property)
{
	return property == MACRO_TAINTED ? macro->tainted : macro->pastes;
}

static bool is_macro(void *context, const char *name, size_t length)
{
	return macros_first(context, name, (struct token){TOKEN_NAME, 0, length});
}

/* Whether a macro of that name has PROPERTY. Where a name is declared, a macro that makes
 * no more than another name only changes what is declared. Where the function that a macro
 * stands for is defined, it is not used. */
static bool has_property(const struct macros *macros, enum macro_property property,
	const struct shape *shape)
{
	const struct shape_macros others = {is_macro, (void *)macros, macros->cxx};
	struct macro *macro = macros_first(macros, shape->text, shape->name);
	bool has = false;

	for (; macro; macro = macros_next(macros, macro)) {
		if (macro->place == shape->text + shape->name.begin)
			return false;
		has |= macros_have(macro, property) &&
		       (!macro->simple || shape_may_refer(shape, &others));
	}
	return has;
}

static void skip_line(struct lexer *lexer)
{
	struct token token;

	do
		token = lex_next(lexer);
	while (token.kind != TOKEN_NEWLINE && token.kind != TOKEN_END);
}

bool macros_used(const struct macros *macros, enum macro_property property,
	const char *text, size_t length)
{
	struct shape_window window;
	struct lexer lexer;
	struct token token;

	lex_open(&lexer, text, length);
	shape_window_open(&window);
	while ((token = lex_code(&lexer)).kind != TOKEN_END) {
		if (token.kind == TOKEN_DIRECTIVE) {
			skip_line(&lexer);
			continue;
		}
		if (token.kind == TOKEN_NAME && macros_first(macros, text, token)) {
			struct shape shape = shape_of(&lexer, token, &window);
			if (has_property(macros, property, &shape))
				return true;
		}
		shape_window_pass(&window, text, token);
	}
	return false;
}

bool macros_spread(struct macros *macros, enum macro_property property)
{
	bool any = false, grew = true;

	for (size_t i = 0; i < macros->count; i++)
		any |= macros_have(&macros->list[i], property);
	while (any && grew) {
		grew = false;
		for (size_t i = 0; i < macros->count; i++) {
			struct macro *macro = &macros->list[i];
			if (macros_have(macro, property) ||
				!macros_used(
					macros, property, macro->body, macro->length))
				continue;
			*(property == MACRO_TAINTED ? &macro->tainted : &macro->pastes) =
				true;
			grew = true;
		}
	}
	return any;
}
