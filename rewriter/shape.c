/* shape.c - tells uses of a name from declarations and members by the neighbouring tokens
 * alone.
 *
 * In real programs nearly all names such as read and close are members, parameters and
 * functions of the program's own; parsing for their sake would cost a fifth of a build.
 * The rules must stay sound: a name is dismissed only where no expression of C or C++ can have it,
 * macros that are known or look like one included. Pure; called by the prefilter. */
#include "shape.h"

#include <string.h>

void shape_window_open(struct shape_window *window)
{
	for (size_t i = 0; i < 3; i++)
		window->before[i] = (struct token){TOKEN_END, 0, 0};
	window->attribute = 0;
}

static unsigned attribute_behind(unsigned open, const char *text, struct token token)
{
	if (token.kind == TOKEN_NAME && (lex_is(text, token, "__attribute__") ||
						lex_is(text, token, "__attribute")))
		return 1;
	if (open && lex_is(text, token, "("))
		return open + 1;
	if (open > 1 && lex_is(text, token, ")"))
		return open > 2 ? open - 1 : 0;
	return open > 1 ? open : 0;
}

void shape_window_pass(struct shape_window *window, const char *text, struct token token)
{
	window->attribute = attribute_behind(window->attribute, text, token);
	window->before[2] = window->before[1];
	window->before[1] = window->before[0];
	window->before[0] = token;
}

struct shape shape_of(
	const struct lexer *lexer, struct token name, const struct shape_window *window)
{
	struct lexer ahead = *lexer;
	struct shape shape = {.text = lexer->text, .name = name};

	memcpy(shape.before, window->before, sizeof shape.before);
	shape.in_attribute = window->attribute > 2;
	shape.after[0] = lex_code(&ahead);
	shape.after[1] = lex_code(&ahead);
	return shape;
}

static bool is_punctuation(const struct shape *s, struct token token, const char *word)
{
	return token.kind == TOKEN_PUNCTUATION && lex_is(s->text, token, word);
}

static bool is_one_of(const struct shape *s, struct token token, const char *const *words)
{
	for (; *words; words++) {
		if (lex_is(s->text, token, *words))
			return true;
	}
	return false;
}

static bool is_word_for_a_type(const struct shape *s, struct token token)
{
	static const char *const words[] = {"int", "char", "void", "long", "short",
		"unsigned", "signed", "float", "double", "const", "volatile", "static",
		"extern", "inline", "register", "restrict", "__restrict", "__inline",
		"__inline__", "_Bool", "bool", "FILE", NULL};

	return token.kind == TOKEN_NAME && is_one_of(s, token, words);
}

/* Keywords of C and C++, and macros of <iso646.h>, that an expression can follow. */
static bool is_word_before_expressions(const struct shape *s, struct token token)
{
	static const char *const words[] = {"return", "else", "do", "case", "sizeof",
		"if", "while", "for", "switch", "typeof", "__typeof", "__typeof__",
		"typeof_unqual", "__extension__", "__real__", "__imag__", "__real",
		"__imag", "_Alignof", "alignof", "__alignof", "__alignof__", "asm",
		"__asm", "__asm__", "goto", "default", "and", "or", "not", "xor",
		"bitand", "bitor", "compl", "and_eq", "or_eq", "xor_eq", "not_eq",
		"_Generic", "_Static_assert", "static_assert", "__builtin_choose_expr",
		"throw", "new", "delete", "co_await", "co_return", "co_yield", "requires",
		"template", "typename", "operator", NULL};

	return is_one_of(s, token, words);
}

/* By convention only macros have no small letter. */
static bool looks_like_macro(const struct shape *s, struct token token)
{
	for (size_t i = token.begin; i < token.end; i++) {
		if (s->text[i] >= 'a' && s->text[i] <= 'z')
			return false;
	}
	return true;
}

/* A name that can stand here for a type or a specifier only. */
static bool is_plain_name(
	const struct shape *s, struct token token, const struct shape_macros *m)
{
	return token.kind == TOKEN_NAME && !is_word_before_expressions(s, token) &&
	       !looks_like_macro(s, token) &&
	       !m->is_macro(m->context, s->text + token.begin, token.end - token.begin);
}

static bool is_tag_word(const struct shape *s, struct token token)
{
	static const char *const words[] = {"struct", "union", "enum", NULL};

	return token.kind == TOKEN_NAME && is_one_of(s, token, words);
}

/* What only an object, or a member's name, has behind it. */
static bool followed_as_object(const struct shape *s)
{
	static const char *const words[] = {"=",
		"+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "++", "--", "[", ".",
		"->", NULL};

	return s->after[0].kind == TOKEN_PUNCTUATION && is_one_of(s, s->after[0], words);
}

/* `T *name`, where `a * name(..)` would be a product. */
static bool is_pointer_declarator(const struct shape *s, const struct shape_macros *m)
{
	struct token type = s->before[1], earlier = s->before[2];

	if (!is_punctuation(s, s->before[0], "*"))
		return false;
	if (is_punctuation(s, type, "*"))
		return is_word_for_a_type(s, earlier);
	if (is_word_for_a_type(s, type) ||
		(type.kind == TOKEN_NAME && is_tag_word(s, earlier)))
		return true;
	if (!is_plain_name(s, type, m))
		return false;
	/* A function cannot be a factor, only its result can; and no statement of C is a
	 * mere product. */
	if (!is_punctuation(s, s->after[0], "("))
		return true;
	return !m->cxx &&
	       (earlier.kind == TOKEN_END || is_punctuation(s, earlier, ";") ||
		       is_punctuation(s, earlier, "}") || is_word_for_a_type(s, earlier));
}

/* `T (*name)(..)` */
static bool is_pointer_to_function(const struct shape *s, const struct shape_macros *m)
{
	struct token type = s->before[2];

	return is_punctuation(s, s->before[0], "*") &&
	       is_punctuation(s, s->before[1], "(") &&
	       is_punctuation(s, s->after[0], ")") &&
	       is_punctuation(s, s->after[1], "(") &&
	       (is_word_for_a_type(s, type) || is_plain_name(s, type, m) ||
		       is_punctuation(s, type, "*"));
}

bool shape_is_kind_of_format(const struct shape *s, const struct shape_macros *m)
{
	struct token word = s->before[1];

	return s->in_attribute && is_punctuation(s, s->before[0], "(") &&
	       is_punctuation(s, s->after[0], ",") &&
	       (lex_is(s->text, word, "format") ||
		       lex_is(s->text, word, "__format__")) &&
	       !m->is_macro(m->context, s->text + word.begin, word.end - word.begin);
}

bool shape_may_refer(const struct shape *s, const struct shape_macros *macros)
{
	struct token before = s->before[0];

	if (is_punctuation(s, before, ".") || is_punctuation(s, before, "->"))
		return false;
	if (before.kind == TOKEN_NAME &&
		(is_tag_word(s, before) || lex_is(s->text, before, "goto")))
		return false;
	if (followed_as_object(s))
		return false;
	if (is_word_for_a_type(s, before) || is_plain_name(s, before, macros))
		return false;
	if (before.kind == TOKEN_NAME && is_tag_word(s, s->before[1]))
		return false;
	return !is_pointer_declarator(s, macros) && !is_pointer_to_function(s, macros) &&
	       !shape_is_kind_of_format(s, macros);
}
