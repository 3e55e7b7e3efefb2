/* inlines.h - the inline functions that a header defines for whoever wants them. */
#ifndef COHOOK_INLINES_H
#define COHOOK_INLINES_H

#include <stdbool.h>

#include "lex.h"

struct macros;

enum { INLINE_WORDS = 8 };

/* What stands before the parameters of a function, as far as it was read. */
struct inlines {
	const struct macros *macros; /* those known so far */
	struct token words[INLINE_WORDS];
	size_t count;
	bool clean; /* nothing but words and stars since the last statement */
};

struct inline_function {
	struct token name;
	size_t begin, end; /* of its body, braces included */
};

void inlines_open(struct inlines *inlines, const struct macros *macros);

/* inlines_take - take in TOKEN, which LEXER has just given; directives are left out.
 *
 * Whether it opens the parameters of a function that surely is both static and inline,
 * has no attribute, and neither a directive nor anything static in its body. LEXER is
 * behind the body then. No compiler makes code of such a function unless it is named
 * elsewhere in the unit. */
bool inlines_take(struct inlines *inlines, struct lexer *lexer, struct token token,
	struct inline_function *function);

#endif
