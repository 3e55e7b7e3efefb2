/* inlines.c - finds definitions of static inline functions by their tokens.
 *
 * A definition must follow the end of another statement and begin with words and stars
 * alone. A word that may be a macro for an attribute makes it none of ours, as does
 * whatever else is not understood: it is looked at like all other code then. Called by
 * the prefilter for headers. */
#include "inlines.h"

#include <string.h>

#include "macros.h"

static bool is_inline_word(const char *text, struct token token)
{
	return lex_is(text, token, "inline") || lex_is(text, token, "__inline") ||
	       lex_is(text, token, "__inline__");
}

static bool expands_to_inline(const struct macro *macro)
{
	struct lexer lexer;

	lex_open(&lexer, macro->body, macro->length);
	lexer.line_began = true;
	struct token word = lex_code(&lexer);
	return is_inline_word(macro->body, word) && lex_code(&lexer).kind == TOKEN_END;
}

/* Whether the word means inline under every definition of it that is known. */
static bool means_inline(const struct macros *macros, const char *text, struct token word)
{
	const struct macro *macro = macros_first(macros, text, word);

	if (!macro)
		return is_inline_word(text, word);
	for (; macro; macro = macros_next(macros, macro)) {
		if (!expands_to_inline(macro))
			return false;
	}
	return true;
}

/* Whether the word can be no macro. Those of systems begin with two underscores or have
 * no small letter. */
static bool is_plain(const struct macros *macros, const char *text, struct token word)
{
	const struct macro *macro = macros_first(macros, text, word);

	for (; macro; macro = macros_next(macros, macro)) {
		if (!macro->place)
			return false;
	}
	if (!strncmp(text + word.begin, "__", 2))
		return false;
	for (size_t i = word.begin; i < word.end; i++) {
		if (text[i] >= 'a' && text[i] <= 'z')
			return true;
	}
	return false;
}

/* Whether the words, the last of which is a function's name, say static and inline, and
 * nothing else but a type. */
static bool is_static_inline(const struct inlines *inlines, const char *text)
{
	bool is_static = false, is_inline = false;

	for (size_t i = 0; i < inlines->count; i++) {
		struct token word = inlines->words[i];
		if (means_inline(inlines->macros, text, word))
			is_inline = true;
		else if (!is_plain(inlines->macros, text, word))
			return false;
		is_static |= lex_is(text, word, "static");
	}
	return is_static && is_inline;
}

/* Moves behind the group that an OPENING bracket, just read, begins; false if it has a
 * directive or something static in it, or no end. */
static bool pass_group(struct lexer *lexer, const char *opening, const char *closing)
{
	size_t depth = 1;

	while (depth) {
		struct token token = lex_code(lexer);
		if (token.kind == TOKEN_END || token.kind == TOKEN_DIRECTIVE ||
			lex_is(lexer->text, token, "static"))
			return false;
		depth += lex_is(lexer->text, token, opening);
		depth -= lex_is(lexer->text, token, closing);
	}
	return true;
}

/* What follows the parenthesis behind the words. */
static bool read_definition(const struct inlines *inlines, struct lexer *lexer,
	struct inline_function *function)
{
	struct lexer ahead = *lexer;

	if (!inlines->clean || !is_static_inline(inlines, lexer->text) ||
		!pass_group(&ahead, "(", ")"))
		return false;
	struct token brace = lex_code(&ahead);
	if (!lex_is(ahead.text, brace, "{") || !pass_group(&ahead, "{", "}"))
		return false;
	*function = (struct inline_function){
		inlines->words[inlines->count - 1], brace.begin, ahead.at};
	*lexer = ahead;
	return true;
}

static void begin(struct inlines *inlines, bool clean)
{
	inlines->count = 0;
	inlines->clean = clean;
}

void inlines_open(struct inlines *inlines, const struct macros *macros)
{
	*inlines = (struct inlines){.macros = macros, .clean = true};
}

bool inlines_take(struct inlines *inlines, struct lexer *lexer, struct token token,
	struct inline_function *function)
{
	const char *text = lexer->text;

	if (token.kind == TOKEN_NAME && inlines->count < INLINE_WORDS) {
		inlines->words[inlines->count++] = token;
		return false;
	}
	if (lex_is(text, token, "*"))
		return false;
	bool found =
		lex_is(text, token, "(") && read_definition(inlines, lexer, function);
	begin(inlines, found || lex_is(text, token, ";") || lex_is(text, token, "{") ||
			       lex_is(text, token, "}"));
	return found;
}
