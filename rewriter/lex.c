/* lex.c - cuts C text into tokens.
 *
 * Line splices count as blanks; a splice inside a name, a trigraph, a raw string or a
 * comment delimiter that is split over lines sets `doubt`, because then a compiler may
 * see other tokens. Strings and characters end at the end of their line at the latest:
 * apostrophes in #error texts and in skipped groups must not swallow the file. Used by
 * the prefilter, the pragmas and the search for a place for declarations. */
#include "lex.h"

#include <string.h>

enum class {
	OTHER,
	BLANK = 1,
	LETTER,
	DIGIT,
	QUOTE,
};

static const unsigned char classes[256] = {
	[' '] = BLANK,
	['\t'] = BLANK,
	['\n'] = BLANK,
	['\v'] = BLANK,
	['\f'] = BLANK,
	['\r'] = BLANK,
	['a' ... 'z'] = LETTER,
	['A' ... 'Z'] = LETTER,
	['_'] = LETTER,
	['$'] = LETTER,
	[0x80 ... 0xff] = LETTER,
	['0' ... '9'] = DIGIT,
	['"'] = QUOTE,
	['\''] = QUOTE,
};

static enum class class_of(char c) { return (enum class)classes[(unsigned char)c]; }

static bool in_name(char c)
{
	return class_of(c) == LETTER || class_of(c) == DIGIT;
}

static char peek(const struct lexer *lexer, size_t ahead)
{
	size_t at = lexer->at + ahead;

	return at < lexer->length ? lexer->text[at] : '\0';
}

/* The length of a backslash, blanks and a newline at offset AT; 0 if there is no such
 * thing. */
static size_t splice_at(const struct lexer *lexer, size_t at)
{
	size_t end = at;

	if (end >= lexer->length || lexer->text[end] != '\\')
		return 0;
	do
		end++;
	while (end < lexer->length && lexer->text[end] != '\n' &&
		class_of(lexer->text[end]) == BLANK);
	return end < lexer->length && lexer->text[end] == '\n' ? end + 1 - at : 0;
}

/* Moves to the next byte that is no blank and no splice. In a directive a newline is none
 * either. */
static void skip_blanks(struct lexer *lexer)
{
	while (lexer->at < lexer->length) {
		char c = lexer->text[lexer->at];
		if (c == '\n' && lexer->in_directive)
			return;
		if (c == '\n')
			lexer->line_began = false;
		if (class_of(c) == BLANK)
			lexer->at++;
		else if (c == '\\' && splice_at(lexer, lexer->at))
			lexer->at += splice_at(lexer, lexer->at);
		else
			return;
	}
}

static void line_comment(struct lexer *lexer)
{
	while (lexer->at < lexer->length && lexer->text[lexer->at] != '\n') {
		size_t splice = splice_at(lexer, lexer->at);
		lexer->at += splice ? splice : 1;
	}
}

static void block_comment(struct lexer *lexer)
{
	for (lexer->at += 2; lexer->at < lexer->length; lexer->at++) {
		const char *star =
			memchr(lexer->text + lexer->at, '*', lexer->length - lexer->at);
		if (!star)
			break;
		lexer->at = (size_t)(star - lexer->text);
		if (peek(lexer, 1) == '/') {
			lexer->at += 2;
			return;
		}
		if (splice_at(lexer, lexer->at + 1))
			lexer->doubt = true;
	}
	lexer->at = lexer->length;
}

static void quoted(struct lexer *lexer, char quote)
{
	lexer->at++;
	while (lexer->at < lexer->length && lexer->text[lexer->at] != '\n') {
		char c = lexer->text[lexer->at];
		if (c == '\\') {
			size_t splice = splice_at(lexer, lexer->at);
			lexer->at += splice ? splice : 2;
			continue;
		}
		lexer->at++;
		if (c == quote)
			return;
	}
	if (lexer->at > lexer->length)
		lexer->at = lexer->length;
}

static void number(struct lexer *lexer)
{
	for (; lexer->at < lexer->length; lexer->at++) {
		char c = lexer->text[lexer->at];
		bool exponent = c == 'e' || c == 'E' || c == 'p' || c == 'P';
		if (exponent && (peek(lexer, 1) == '+' || peek(lexer, 1) == '-'))
			lexer->at++;
		else if (c == '\'' && !in_name(peek(lexer, 1)))
			return;
		else if (c != '\'' && c != '.' && !in_name(c))
			return;
	}
}

/* The string behind an R: R"x(..)x", in which nothing but its end means anything. False if
 * it is none. */
static bool raw(struct lexer *lexer)
{
	const char *text = lexer->text + lexer->at + 1,
		   *end = lexer->text + lexer->length;
	char closing[20] = ")";
	size_t length = 0;

	while (text + length < end && length < 17 &&
		!strchr("() \\\t\v\f\n\"", text[length]))
		length++;
	if (length == 17 || text + length == end || text[length] != '(')
		return false;
	memcpy(closing + 1, text, length);
	closing[length + 1] = '"';
	const char *found = memmem(text, (size_t)(end - text), closing, length + 2);
	if (found)
		lexer->at = (size_t)(found - lexer->text) + length + 2;
	return found != NULL;
}

static bool is_raw_prefix(const char *name, size_t length)
{
	return name[length - 1] == 'R' && length <= 3;
}

static bool is_prefix(const char *name, size_t length)
{
	return length == 1 ? strchr("LuUR", *name) != NULL
			   : (length == 2 && !memcmp(name, "u8", 2)) ||
				     is_raw_prefix(name, length);
}

/* A name, or the string that it is the prefix of. */
static enum token_kind name(struct lexer *lexer)
{
	size_t begin = lexer->at;

	while (lexer->at < lexer->length && in_name(lexer->text[lexer->at]))
		lexer->at++;
	const char *text = lexer->text + begin;
	size_t length = lexer->at - begin;
	size_t splice = splice_at(lexer, lexer->at);
	if (splice && lexer->at + splice < lexer->length &&
		in_name(lexer->text[lexer->at + splice]))
		lexer->doubt = true;
	if (class_of(peek(lexer, 0)) != QUOTE || !is_prefix(text, length))
		return TOKEN_NAME;
	bool string = peek(lexer, 0) == '"',
	     is_raw = string && is_raw_prefix(text, length);
	lexer->doubt |= is_raw; /* in older C that is a name and a string */
	if (!is_raw || !raw(lexer))
		quoted(lexer, peek(lexer, 0));
	return string ? TOKEN_STRING : TOKEN_CHARACTER;
}

static void punctuation(struct lexer *lexer)
{
	char first = peek(lexer, 0), second = peek(lexer, 1);

	lexer->at++;
	if (first == '?' && second == '?')
		lexer->doubt = true;
	if (first == '/' && splice_at(lexer, lexer->at))
		lexer->doubt = true;
	if (second == '=' && strchr("=!<>+-*/%&|^", first))
		lexer->at++;
	else if (second == first && strchr("+-&|#<>", first))
		lexer->at++;
	else if (first == '-' && second == '>')
		lexer->at++;
}

/* The operand of #include between angle brackets; false if it is not closed on this line.
 */
static bool bracketed(struct lexer *lexer)
{
	size_t left = lexer->length - lexer->at;
	const char *begin = lexer->text + lexer->at;
	const char *end = memchr(begin, '>', left);
	const char *newline = memchr(begin, '\n', left);

	if (!end || (newline && newline < end))
		return false;
	lexer->at += (size_t)(end + 1 - begin);
	return true;
}

static enum token_kind scan(struct lexer *lexer)
{
	char c = peek(lexer, 0), next = peek(lexer, 1);

	if (c == '/' && next == '/') {
		line_comment(lexer);
		return TOKEN_COMMENT;
	}
	if (c == '/' && next == '*') {
		block_comment(lexer);
		return TOKEN_COMMENT;
	}
	if (class_of(c) == LETTER)
		return name(lexer);
	if (class_of(c) == DIGIT || (c == '.' && class_of(next) == DIGIT)) {
		number(lexer);
		return TOKEN_NUMBER;
	}
	if (class_of(c) == QUOTE) {
		quoted(lexer, c);
		return c == '"' ? TOKEN_STRING : TOKEN_CHARACTER;
	}
	if (c == '<' && lexer->in_include && bracketed(lexer))
		return TOKEN_STRING;
	if (!lexer->line_began && (c == '#' || (c == '%' && next == ':'))) {
		lexer->at += c == '#' ? 1 : 2;
		return TOKEN_DIRECTIVE;
	}
	punctuation(lexer);
	return TOKEN_PUNCTUATION;
}

static struct token end_of_line(struct lexer *lexer)
{
	struct token token = {TOKEN_NEWLINE, lexer->at, lexer->at};

	if (lexer->at < lexer->length)
		token.end = ++lexer->at;
	lexer->in_directive = lexer->in_include = lexer->line_began = false;
	return token;
}

void lex_open(struct lexer *lexer, const char *text, size_t length)
{
	*lexer = (struct lexer){.text = text, .length = length};
	if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		lexer->at = 3;
}

struct token lex_next(struct lexer *lexer)
{
	bool opens_include = false;

	skip_blanks(lexer);
	if (lexer->in_directive &&
		(lexer->at == lexer->length || lexer->text[lexer->at] == '\n'))
		return end_of_line(lexer);
	struct token token = {TOKEN_END, lexer->at, lexer->at};
	if (lexer->at == lexer->length)
		return token;
	token.kind = scan(lexer);
	token.end = lexer->at;
	if (token.kind == TOKEN_NAME && lexer->in_directive)
		opens_include = token.end - token.begin >= 6 &&
				(!memcmp(lexer->text + token.begin, "includ", 6) ||
					!memcmp(lexer->text + token.begin, "import", 6));
	if (token.kind != TOKEN_COMMENT) {
		lexer->line_began = true;
		lexer->in_include = opens_include;
	}
	lexer->in_directive |= token.kind == TOKEN_DIRECTIVE;
	return token;
}

struct token lex_code(struct lexer *lexer)
{
	struct token token;

	do
		token = lex_next(lexer);
	while (token.kind == TOKEN_COMMENT);
	return token;
}

bool lex_is(const char *text, struct token token, const char *word)
{
	size_t length = token.end - token.begin;

	return strlen(word) == length && !memcmp(text + token.begin, word, length);
}

bool lex_same(const char *a, struct token x, const char *b, struct token y)
{
	size_t length = x.end - x.begin;

	return y.end - y.begin == length && !memcmp(a + x.begin, b + y.begin, length);
}
