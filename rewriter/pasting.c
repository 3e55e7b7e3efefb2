/* pasting.c - keeps the prefilter sound against names that only ## brings about.
 *
 * A macro counts for a name if what it joins could be that name at all: `do_##x` cannot
 * be read, `re##x` and `x##y` can. Only for such names are the words of the unit compared
 * with the name's parts. Nothing is expanded: words anywhere in the user's text count as
 * possible arguments. */
#include "pasting.h"

#include <string.h>

#include "lex.h"
#include "pool.h"
#include "words.h"

struct operand {
	const char *word;
	size_t length;
	bool free; /* a parameter: anything */
};

struct pasting_join {
	struct operand left, right;
};

struct pasting_target {
	const char *name;
	size_t length;
};

static bool begins(const char *name, size_t length, struct operand part)
{
	return part.free ||
	       (part.length < length && !memcmp(name, part.word, part.length));
}

static bool ends(const char *name, size_t length, struct operand part)
{
	return part.free || (part.length < length && !memcmp(name + length - part.length,
							     part.word, part.length));
}

/* Whether a token of a macro's body is one of the names in the macro's parameter list. */
static bool is_parameter(
	const char *body, struct token token, const char *list, size_t length)
{
	struct lexer lexer;
	struct token parameter;

	if (token.kind != TOKEN_NAME)
		return false;
	if (lex_is(body, token, "__VA_ARGS__") || lex_is(body, token, "__VA_OPT__"))
		return true;
	lex_open(&lexer, list, length);
	lexer.line_began = true;
	while ((parameter = lex_code(&lexer)).kind != TOKEN_END) {
		if (parameter.kind == TOKEN_NAME &&
			lex_same(list, parameter, body, token))
			return true;
	}
	return false;
}

/* The length of the parameter list that BODY begins with, parentheses included; 0 if
 * there is none. */
static size_t parameter_list(const char *body, size_t length)
{
	const char *close = length && *body == '(' ? memchr(body, ')', length) : NULL;

	return close ? (size_t)(close + 1 - body) : 0;
}

static bool add_join(struct pasting *pasting, struct operand left, struct operand right)
{
	if (left.length == 1 && *left.word == ',')
		return false; /* GNU's way to drop a comma */
	pasting->joins = pool_grow(
		pasting->pool, pasting->joins, pasting->njoins, sizeof *pasting->joins);
	pasting->joins[pasting->njoins++] = (struct pasting_join){left, right};
	return true;
}

bool pasting_read(struct pasting *pasting, const char *body, size_t length)
{
	size_t list = parameter_list(body, length);
	struct operand left = {"", 0, false};
	bool joins = false, joined = false;
	struct lexer lexer;
	struct token token;

	bool digraph = memmem(body, length, "%:%:", 4) != NULL, any = digraph;
	if (!digraph && !memmem(body, length, "##", 2))
		return false;
	pasting->chains |= digraph;
	lex_open(&lexer, body + list, length - list);
	lexer.line_began = true;
	while ((token = lex_code(&lexer)).kind != TOKEN_END) {
		if (lex_is(lexer.text, token, "##")) {
			joins = true;
			continue;
		}
		struct operand right = {lexer.text + token.begin, token.end - token.begin,
			is_parameter(lexer.text, token, body, list)};
		if (joins)
			any |= add_join(pasting, left, right);
		pasting->chains |= joins && joined;
		joined = joins;
		joins = false;
		left = right;
	}
	return any;
}

void pasting_look_for(struct pasting *pasting, const char *name, size_t length)
{
	bool fits = pasting->chains;

	for (size_t i = 0; i < pasting->njoins && !fits; i++)
		fits = begins(name, length, pasting->joins[i].left) &&
		       ends(name, length, pasting->joins[i].right);
	if (!fits)
		return;
	pasting->targets = pool_grow(pasting->pool, pasting->targets, pasting->ntargets,
		sizeof *pasting->targets);
	pasting->targets[pasting->ntargets++] = (struct pasting_target){name, length};
}

/* Whether the rest of a name, of which PIECES words were found already, is made of words.
 */
static bool is_made_of(const struct words *words, const char *rest, size_t length,
	unsigned pieces, unsigned most)
{
	if (!length)
		return pieces > 1;
	for (size_t first = 1; first <= length && pieces < most; first++) {
		if (words_has(words, rest, first) &&
			is_made_of(words, rest + first, length - first, pieces + 1, most))
			return true;
	}
	return false;
}

bool pasting_can_happen(const struct pasting *pasting, const struct words *words)
{
	unsigned most = pasting->chains ? 8 : 2;

	for (size_t i = 0; i < pasting->ntargets; i++) {
		const struct pasting_target *target = &pasting->targets[i];
		if (is_made_of(words, target->name, target->length, 0, most))
			return true;
	}
	return false;
}
