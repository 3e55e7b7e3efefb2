/* pragma.c - reads `#pragma cohook off`, `#pragma cohook on`, `#pragma cohook
 * threads(MODE)` and `#pragma weak NAME`.
 *
 * Anything else after `#pragma cohook` is not ours to interpret: it stays, and the
 * compiler will say that it does not know it. Pure text; called by plan (what is exempt)
 * and by edit (what to blank out). */
#include "pragma.h"

#include <string.h>

#include "lex.h"
#include "pool.h"

struct list {
	struct pool *pool;
	struct pragma *items;
	size_t count;
};

static void push(struct list *list, struct pragma pragma)
{
	list->items =
		pool_grow(list->pool, list->items, list->count, sizeof *list->items);
	list->items[list->count++] = pragma;
}

/* What may stand behind `#pragma cohook`, and nothing more; joined. */
static const struct {
	const char *text;
	enum pragma_kind kind;
} ours[] = {
	{"off", PRAGMA_OFF},
	{"on", PRAGMA_ON},
	{"threads(os)", PRAGMA_OS},
	{"threads(fiber)", PRAGMA_FIBER},
	{"threads(default)", PRAGMA_DEFAULT},
};

/* What is left of the line, without blanks; END is the token behind it. */
static const char *read_words(struct list *list, struct lexer *lexer, struct token *end)
{
	const char *words = "";

	for (*end = lex_code(lexer); end->kind != TOKEN_NEWLINE; *end = lex_code(lexer))
		words = pool_printf(list->pool, "%s%.*s", words,
			(int)(end->end - end->begin), lexer->text + end->begin);
	return words;
}

static void read_ours(struct list *list, struct lexer *lexer, size_t begin)
{
	struct token end;
	const char *words = read_words(list, lexer, &end);

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (strcmp(words, ours[i].text) == 0)
			push(list, (struct pragma){ours[i].kind, begin, end.begin, NULL});
}

static void read_weak(struct list *list, struct lexer *lexer, size_t begin)
{
	struct token name = lex_code(lexer), end = name;

	while (end.kind != TOKEN_NEWLINE)
		end = lex_code(lexer);
	if (name.kind == TOKEN_NAME)
		push(list, (struct pragma){PRAGMA_WEAK, begin, end.begin,
				   pool_copy(list->pool, lexer->text + name.begin,
					   name.end - name.begin)});
}

/* What stands behind `#pragma`, whose # is at BEGIN. */
static void read_pragma(struct list *list, struct lexer *lexer, size_t begin)
{
	struct token word = lex_code(lexer);

	if (lex_is(lexer->text, word, "cohook"))
		read_ours(list, lexer, begin);
	else if (lex_is(lexer->text, word, "weak"))
		read_weak(list, lexer, begin);
}

size_t pragma_find(
	struct pool *pool, const char *text, size_t length, struct pragma **items)
{
	struct list list = {.pool = pool};
	struct lexer lexer;
	struct token token;

	*items = NULL;
	if (!memmem(text, length, "cohook", 6) && !memmem(text, length, "weak", 4))
		return 0;
	lex_open(&lexer, text, length);
	while ((token = lex_code(&lexer)).kind != TOKEN_END) {
		if (token.kind == TOKEN_DIRECTIVE &&
			lex_is(text, lex_code(&lexer), "pragma"))
			read_pragma(&list, &lexer, token.begin);
	}
	*items = list.items;
	return list.count;
}

const char *pragma_blank(struct pool *pool, const char *text, size_t length)
{
	char *blank = pool_copy(pool, text, length);

	for (size_t i = 0; i < length; i++) {
		if (!strchr("\n\r\t", blank[i]))
			blank[i] = ' ';
	}
	return blank;
}
