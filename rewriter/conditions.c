/* conditions.c - evaluates #if as far as it goes without knowing what macros mean.
 *
 * A value is known or it is not: that of a name which nothing defines is 0, that of a
 * number is the number's, that of any other name, of arithmetic and of calls is unknown.
 * Groups that are dead by this are dead for every compiler. Called by the prefilter. */
#include "conditions.h"

#include <string.h>

enum { LONGEST = 128 };

enum value { FALSE, TRUE, UNKNOWN };

struct expression {
	const struct conditions *conditions;
	const char *text;
	struct token tokens[LONGEST + 1]; /* a newline at the end */
	size_t at;
	bool lost; /* it has something that is not understood at all */
};

static enum value any(struct expression *e);

static struct token peek(const struct expression *e)
{
	return e->tokens[e->at];
}

static bool take(struct expression *e, const char *word)
{
	if (!lex_is(e->text, peek(e), word))
		return false;
	e->at++;
	return true;
}

static bool is_undefined(const struct expression *e, struct token name)
{
	const struct conditions *c = e->conditions;

	return c->undefined &&
	       c->undefined(c->context, e->text + name.begin, name.end - name.begin);
}

static enum value inverted(enum value value)
{
	return value == UNKNOWN ? UNKNOWN : value == TRUE ? FALSE : TRUE;
}

static enum value defined(struct expression *e)
{
	bool enclosed = take(e, "(");
	struct token name = peek(e);

	if (name.kind != TOKEN_NAME) {
		e->lost = true;
		return UNKNOWN;
	}
	e->at++;
	if (enclosed && !take(e, ")"))
		e->lost = true;
	return is_undefined(e, name) ? FALSE : UNKNOWN;
}

/* 0 and 1 as people write them; what other numbers are worth is not needed. */
static enum value number(const struct expression *e, struct token token)
{
	size_t length = token.end - token.begin;
	const char *digits = e->text + token.begin;

	length -= length > 1 && strchr("lLuU", digits[length - 1]);
	if (length == 1 && *digits == '0')
		return FALSE;
	return length == 1 && *digits >= '1' && *digits <= '9' ? TRUE : UNKNOWN;
}

static bool ends_operand(const struct expression *e)
{
	struct token next = peek(e);

	return next.kind == TOKEN_NEWLINE || lex_is(e->text, next, "&&") ||
	       lex_is(e->text, next, "||") || lex_is(e->text, next, ")");
}

/* What stands behind an operand that is part of more than && and ||. */
static void skip_operand(struct expression *e)
{
	size_t depth = 0;

	while (peek(e).kind != TOKEN_NEWLINE && (depth || !ends_operand(e))) {
		depth += lex_is(e->text, peek(e), "(");
		depth -= depth && lex_is(e->text, peek(e), ")");
		e->at++;
	}
}

static enum value operand(struct expression *e)
{
	struct token token = peek(e);
	enum value value = UNKNOWN;

	if (take(e, "!"))
		return inverted(operand(e));
	if (take(e, "(")) {
		value = any(e);
		if (!take(e, ")"))
			e->lost = true;
	} else if (take(e, "defined")) {
		value = defined(e);
	} else if (token.kind == TOKEN_NUMBER) {
		e->at++;
		value = number(e, token);
	} else if (token.kind == TOKEN_NAME) {
		e->at++;
		value = is_undefined(e, token) ? FALSE : UNKNOWN;
	} else {
		skip_operand(e);
		return UNKNOWN;
	}
	if (ends_operand(e))
		return value;
	skip_operand(e);
	return UNKNOWN;
}

/* What two operands of a chain come to: DECISIVE if one of them is. */
static enum value joined(enum value left, enum value right, enum value decisive)
{
	if (left == decisive || right == decisive)
		return decisive;
	return left == UNKNOWN || right == UNKNOWN ? UNKNOWN : inverted(decisive);
}

static enum value all(struct expression *e)
{
	enum value value = operand(e);

	while (take(e, "&&"))
		value = joined(value, operand(e), FALSE);
	return value;
}

static enum value any(struct expression *e)
{
	enum value value = all(e);

	while (take(e, "||"))
		value = joined(value, all(e), TRUE);
	return value;
}

/* Tokens with which the order of evaluation would be another. */
static bool is_beyond(const char *text, struct token token)
{
	return lex_is(text, token, "?") || lex_is(text, token, ",");
}

/* The rest of LEXER's line; false if it is not understood. */
static bool read_line(struct expression *e, struct lexer *lexer)
{
	struct token token = lex_code(lexer);
	size_t count = 0;
	bool understood = true;

	while (token.kind != TOKEN_NEWLINE && token.kind != TOKEN_END) {
		understood &= count < LONGEST && !is_beyond(lexer->text, token);
		if (understood)
			e->tokens[count++] = token;
		token = lex_code(lexer);
	}
	e->tokens[count] = (struct token){TOKEN_NEWLINE, token.begin, token.begin};
	return understood;
}

static enum value evaluate(
	const struct conditions *conditions, struct lexer *lexer, bool only_name)
{
	struct expression e = {.conditions = conditions, .text = lexer->text};

	if (!read_line(&e, lexer))
		return UNKNOWN;
	enum value value = only_name ? defined(&e) : any(&e);
	return e.lost || (peek(&e).kind != TOKEN_NEWLINE && !only_name) ? UNKNOWN : value;
}

static struct condition *innermost(struct conditions *conditions)
{
	return &conditions->open[conditions->depth - 1];
}

static void enter(struct conditions *conditions, enum value value)
{
	struct condition *condition = innermost(conditions);

	condition->dead = condition->above || condition->taken || value == FALSE;
	condition->taken |= value == TRUE;
}

static void begin(struct conditions *conditions, enum value value)
{
	bool above = conditions_dead(conditions);

	if (conditions->depth == CONDITIONS_DEPTH) {
		conditions->doubt = true;
		return;
	}
	conditions->open[conditions->depth++] = (struct condition){.above = above};
	enter(conditions, value);
}

/* #elif and its kin, #else, #endif. */
static void go_on(struct conditions *conditions, enum value value, bool ends)
{
	if (!conditions->depth)
		conditions->doubt = true;
	else if (ends)
		conditions->depth--;
	else
		enter(conditions, value);
}

bool conditions_read(
	struct conditions *conditions, struct lexer *lexer, struct token word)
{
	static const struct kin {
		const char *word;
		bool begins, ends, names, inverts;
	} kin[] = {
		{"if", true, false, false, false},
		{"ifdef", true, false, true, false},
		{"ifndef", true, false, true, true},
		{"elif", false, false, false, false},
		{"elifdef", false, false, true, false},
		{"elifndef", false, false, true, true},
		{"else", false, false, false, false},
		{"endif", false, true, false, false},
	};
	const struct kin *found = NULL;

	for (size_t i = 0; i < sizeof kin / sizeof *kin && !found; i++)
		if (lex_is(lexer->text, word, kin[i].word))
			found = &kin[i];
	if (!found)
		return false;
	bool has_condition = !found->ends && strcmp(found->word, "else") != 0;
	enum value value = evaluate(conditions, lexer, found->names);
	if (!has_condition)
		value = UNKNOWN;
	if (found->inverts)
		value = inverted(value);
	if (found->begins)
		begin(conditions, value);
	else
		go_on(conditions, value, found->ends);
	return true;
}

bool conditions_dead(const struct conditions *conditions)
{
	return conditions->depth && conditions->open[conditions->depth - 1].dead;
}
