/* surroundings.c - reads the text ahead of a name, backwards.
 *
 * libclang shows neither what decltype is applied to nor where the arguments of a
 * template end and an initializer begins. The text does, but for comments, strings and
 * macros in odd places; the answers err towards leaving a name alone. In which macro's
 * body a name stands, it does not tell in C either. Pure; called by finder. */
#include "surroundings.h"

#include <ctype.h>
#include <string.h>

#include "lex.h"

enum { FARTHEST = 4096 }; /* bytes that are looked at */

static bool in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static size_t skip_blanks(const char *text, size_t at)
{
	while (at && isspace((unsigned char)text[at - 1]))
		at--;
	return at;
}

bool surroundings_are_simple(const char *text, size_t begin, size_t end)
{
	for (size_t i = begin; i < end; i++)
		if (!in_name(text[i]) && !strchr(": \t", text[i]))
			return false;
	return begin < end && memchr(text + begin, ':', end - begin);
}

bool surroundings_are_typeof(const char *text, size_t begin)
{
	static const char *const words[] = {
		"decltype", "typeof", "__typeof", "__typeof__", "__decltype"};
	size_t end = skip_blanks(text, begin);

	if (!end || text[end - 1] != '(')
		return false;
	end = skip_blanks(text, end - 1);
	size_t start = end;
	while (start && in_name(text[start - 1]))
		start--;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i]) == end - start &&
			!memcmp(text + start, words[i], end - start))
			return true;
	return false;
}

/* The index of the bracket that opens what the one at AT closes; 0 if it is too far. */
static size_t opening(const char *text, size_t at)
{
	size_t depth = 0, last = at > FARTHEST ? at - FARTHEST : 0;

	for (; at > last; at--) {
		depth += strchr(")]}", text[at]) != NULL;
		depth -= strchr("([{", text[at]) != NULL;
		if (!depth)
			return at;
	}
	return 0;
}

/* Whether the two bytes that end at AT are an operator that no argument of a template has
 * outside of parentheses. */
static bool ends_operator(const char *text, size_t at)
{
	static const char *const operators[] = {"&&", "||", "==", "!=", "<<", "<=", ">="};

	for (size_t i = 0; at && i < sizeof operators / sizeof *operators; i++)
		if (!memcmp(text + at - 1, operators[i], 2))
			return true;
	return false;
}

/* Whether the parenthesis at AT only encloses an argument, as in `<(&name)`. */
static bool encloses_argument(const char *text, size_t at)
{
	size_t before = skip_blanks(text, at);

	return before && strchr("<,(", text[before - 1]);
}

bool surroundings_are_template(const char *text, size_t begin)
{
	size_t last = begin > FARTHEST ? begin - FARTHEST : 0, closed = 0;

	for (size_t i = begin; i-- > last;) {
		char c = text[i];
		if (strchr(";?{[", c) || ends_operator(text, i) ||
			(c == '(' && !encloses_argument(text, i)))
			return false;
		if (strchr(")]}", c))
			i = opening(text, i);
		if (c == '>' && !(i && text[i - 1] == '-'))
			closed++;
		if (c == '<' && !closed--)
			return true;
	}
	return false;
}

/* Where the line begins that OFFSET is in, those that continue it counted in. */
static size_t line_of(const char *text, size_t offset)
{
	while (offset &&
		(text[offset - 1] != '\n' || (offset > 1 && text[offset - 2] == '\\')))
		offset--;
	return offset;
}

bool surroundings_are_namesake(
	const char *text, size_t length, size_t offset, const char *name)
{
	struct lexer lexer;

	lex_open(&lexer, text, length);
	lexer.at = line_of(text, offset);
	if (lex_code(&lexer).kind != TOKEN_DIRECTIVE ||
		!lex_is(text, lex_code(&lexer), "define"))
		return false;
	struct token macro = lex_code(&lexer);
	return lex_is(text, macro, name) && macro.end < length && text[macro.end] != '(';
}
