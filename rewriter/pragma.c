/* pragma.c - reads `#pragma cohook off`, `#pragma cohook on` and `#pragma weak NAME`.
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

/* What stands behind `#pragma`, whose # is at BEGIN. */
static void read_pragma(struct list *list, struct lexer *lexer, size_t begin)
{
	struct token words[3], end;
	const char *text = lexer->text;

	for (size_t i = 0; i < 3; i++) {
		words[i] = lex_code(lexer);
		if (words[i].kind == TOKEN_NEWLINE && i < 2)
			return;
	}
	for (end = words[2]; end.kind != TOKEN_NEWLINE;)
		end = lex_code(lexer);
	bool alone = words[2].kind == TOKEN_NEWLINE;
	if (alone && lex_is(text, words[0], "cohook") && lex_is(text, words[1], "off"))
		push(list, (struct pragma){PRAGMA_OFF, begin, end.begin, NULL});
	if (alone && lex_is(text, words[0], "cohook") && lex_is(text, words[1], "on"))
		push(list, (struct pragma){PRAGMA_ON, begin, end.begin, NULL});
	if (lex_is(text, words[0], "weak") && words[1].kind == TOKEN_NAME)
		push(list, (struct pragma){PRAGMA_WEAK, begin, end.begin,
				   pool_copy(list->pool, text + words[1].begin,
					   words[1].end - words[1].begin)});
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
