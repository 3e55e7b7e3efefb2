/* lex.h - C or C++ text as tokens, without preprocessing.
 *
 * Good enough to find names, directives and comments; it knows no macros and reads every
 * branch of an #if. Positions are byte offsets. */
#ifndef COHOOK_LEX_H
#define COHOOK_LEX_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
	TOKEN_END,
	TOKEN_NAME,
	TOKEN_NUMBER,
	TOKEN_STRING, /* with its prefix and quotes; <..> behind #include as well */
	TOKEN_CHARACTER,
	TOKEN_PUNCTUATION,
	TOKEN_COMMENT,   /* a line comment ends before its newline */
	TOKEN_DIRECTIVE, /* the # that opens one */
	TOKEN_NEWLINE,   /* the one that ends a directive */
};

struct token {
	enum token_kind kind;
	size_t begin, end;
};

struct lexer {
	const char *text;
	size_t length;
	size_t at;
	bool line_began; /* something other than blanks and comments was seen on this line
			  */
	bool in_directive; /* between TOKEN_DIRECTIVE and TOKEN_NEWLINE */
	bool in_include;   /* in a directive whose operand may be <..> */
	bool doubt; /* text was met that may read differently to a compiler; never reset
		     */
};

void lex_open(struct lexer *lexer, const char *text, size_t length);

/* lex_next - the next token; TOKEN_END for ever at the end of the text. A directive that
 * the text ends in is closed by an empty TOKEN_NEWLINE first. */
struct token lex_next(struct lexer *lexer);

/* lex_code - lex_next() without the comments. */
struct token lex_code(struct lexer *lexer);

/* lex_is - whether TOKEN of TEXT reads WORD. */
bool lex_is(const char *text, struct token token, const char *word);

/* lex_same - whether token X of text A and token Y of text B read the same. */
bool lex_same(const char *a, struct token x, const char *b, struct token y);

#endif
