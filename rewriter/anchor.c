/* anchor.c - finds the end of a line at file scope, ahead of a declaration.
 *
 * A declaration inserted there shifts no line and no column of anything but comments.
 * Going back from the declaration's first token: attributes such as [[..]] lie outside of
 * what libclang calls the declaration and must stay with it; lines of directives cannot
 * take anything, and some must not be crossed, since what stands ahead of them may be
 * left out by an #if or not know libc's declaration yet. Pure; called by edit. */
#include "anchor.h"

#include <string.h>

#include "pool.h"

void anchor_read(
	struct tokens *tokens, struct pool *pool, const char *text, size_t length)
{
	struct lexer lexer;
	struct token token;

	*tokens = (struct tokens){.text = text};
	lex_open(&lexer, text, length);
	while ((token = lex_next(&lexer)).kind != TOKEN_END) {
		tokens->items = pool_grow(
			pool, tokens->items, tokens->count, sizeof *tokens->items);
		tokens->items[tokens->count++] = token;
	}
}

/* The index of the first token at or behind OFFSET. */
static size_t index_at(const struct tokens *tokens, size_t offset)
{
	size_t low = 0, high = tokens->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (tokens->items[middle].begin < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The index of the # of the directive whose newline has index I. */
static size_t directive_begin(const struct tokens *tokens, size_t i)
{
	while (i && tokens->items[i].kind != TOKEN_DIRECTIVE)
		i--;
	return i;
}

static bool is_of_macro(const struct tokens *tokens, struct token word)
{
	return lex_is(tokens->text, word, "define") ||
	       lex_is(tokens->text, word, "undef");
}

/* Whether the directive that begins at index I makes, or takes back, the macro NAME. */
static bool defines(const struct tokens *tokens, size_t i, const char *name)
{
	return i + 2 < tokens->count && is_of_macro(tokens, tokens->items[i + 1]) &&
	       lex_is(tokens->text, tokens->items[i + 2], name);
}

/* Whether a declaration may move ahead of the directive that begins at index I. */
static bool may_cross(const struct tokens *tokens, size_t i, const char *name)
{
	const char *text = tokens->text;
	struct token word = tokens->items[i + 1];

	if (word.kind == TOKEN_NUMBER || word.kind == TOKEN_NEWLINE)
		return true;
	if (is_of_macro(tokens, word))
		return !defines(tokens, i, name);
	return lex_is(text, word, "pragma") || lex_is(text, word, "line");
}

/* What lies between two declarations: tokens FIRST to LAST, LAST excluded, of which those
 * from OWN on may belong to the second declaration. BARRIER is the offset behind the last
 * thing not to be crossed. */
struct gap {
	size_t own;
	size_t first;
	size_t barrier;
};

static bool is_mark(const struct tokens *tokens, size_t i, const char *mark)
{
	return tokens->items[i].kind == TOKEN_PUNCTUATION &&
	       lex_is(tokens->text, tokens->items[i], mark);
}

/* The index behind the group in parentheses that opens at index I. */
static size_t behind_group(const struct tokens *tokens, size_t i)
{
	size_t depth = 0;

	for (; i < tokens->count; i++) {
		depth += is_mark(tokens, i, "(");
		if (is_mark(tokens, i, ")") && !--depth)
			return i + 1;
	}
	return i;
}

/* The index behind the declaration that ends at PREVIOUS; a macro that is called there is
 * part of it. */
static size_t behind_previous(const struct tokens *tokens, size_t previous, size_t last)
{
	size_t i = index_at(tokens, previous);

	if (!previous || i >= last || tokens->items[i].begin != previous)
		return i;
	if (tokens->items[i].kind == TOKEN_NAME)
		i = i + 1 < last && is_mark(tokens, i + 1, "(")
			    ? behind_group(tokens, i + 1)
			    : i + 1;
	return i < last ? i : last;
}

static struct gap find_gap(
	const struct tokens *tokens, size_t last, size_t previous, const char *name)
{
	size_t floor = behind_previous(tokens, previous, last);
	struct gap gap = {last, last, 0};
	size_t i = last;

	while (i > floor) {
		struct token token = tokens->items[i - 1];
		if (token.kind == TOKEN_NEWLINE) {
			size_t begin = directive_begin(tokens, i - 1);
			if (!may_cross(tokens, begin, name))
				break;
			i = begin;
			continue;
		}
		if (is_mark(tokens, i - 1, ";") || is_mark(tokens, i - 1, "}"))
			break;
		i--;
		if (token.kind != TOKEN_COMMENT)
			gap.own = i;
	}
	gap.first = i;
	gap.barrier = i ? tokens->items[i - 1].end : 0;
	return gap;
}

static bool is_line_comment(const struct tokens *tokens, struct token token)
{
	return token.kind == TOKEN_COMMENT && tokens->text[token.begin + 1] == '/';
}

/* The last newline in the blanks from BEGIN to END, (size_t)-1 if there is none. */
static size_t last_newline(const char *text, size_t begin, size_t end)
{
	while (end > begin) {
		if (text[--end] == '\n')
			return end;
	}
	return (size_t)-1;
}

/* Back over the blanks, and a continuation, that stand ahead of AT on its line. */
static size_t trim(const char *text, size_t begin, size_t at)
{
	while (at > begin && strchr(" \t\r\f\v\\", text[at - 1]))
		at--;
	return at;
}

/* A place in the blanks from BEGIN to END that has a newline behind it. BEFORE, if not
 * NULL, is the comment that BEGIN follows: if it goes to the end of its line the place is
 * ahead of it. */
static bool place_in_blanks(const struct tokens *tokens, const struct token *before,
	size_t begin, size_t end, size_t *place)
{
	size_t newline = last_newline(tokens->text, begin, end);

	if (newline == (size_t)-1)
		return false;
	*place = trim(tokens->text, begin, newline);
	if (before && is_line_comment(tokens, *before) &&
		last_newline(tokens->text, begin, newline) == (size_t)-1)
		*place = before->begin;
	return true;
}

/* The last place in the gap, ahead of its own tokens, that has a newline behind it: at
 * the end of a line or, if there is none, ahead of a comment of several lines. */
static bool find_clean(
	const struct tokens *tokens, const struct gap *gap, size_t end, size_t *place)
{
	bool found = false;

	for (size_t i = gap->own; i > gap->first; i--) {
		struct token token = tokens->items[i - 1];
		bool comment = token.kind == TOKEN_COMMENT;
		if (place_in_blanks(
			    tokens, comment ? &token : NULL, token.end, end, place))
			return true;
		if (comment && !found &&
			memchr(tokens->text + token.begin, '\n',
				token.end - token.begin)) {
			*place = token.begin;
			found = true;
		}
		if (token.kind == TOKEN_NEWLINE)
			i = directive_begin(tokens, i - 1) + 1;
		end = tokens->items[i - 1].begin;
	}
	return place_in_blanks(tokens, NULL, gap->barrier, end, place) || found;
}

struct anchor anchor_find(
	const struct tokens *tokens, size_t begin, size_t previous, const char *name)
{
	size_t last = index_at(tokens, begin);
	struct gap gap = find_gap(tokens, last, previous, name);
	size_t end = gap.own < tokens->count ? tokens->items[gap.own].begin : begin;
	struct anchor anchor = {end, false};

	anchor.clean = find_clean(tokens, &gap, end, &anchor.offset);
	return anchor;
}

bool anchor_is_macro(const struct tokens *tokens, size_t at, size_t end, const char *name)
{
	for (size_t i = index_at(tokens, at); i < tokens->count; i++) {
		if (tokens->items[i].begin >= end)
			break;
		if (tokens->items[i].kind == TOKEN_DIRECTIVE && defines(tokens, i, name))
			return lex_is(tokens->text, tokens->items[i + 1], "undef");
	}
	return false;
}
