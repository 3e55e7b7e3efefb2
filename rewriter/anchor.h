/* anchor.h - where a declaration can be put so that nothing else moves. */
#ifndef COHOOK_ANCHOR_H
#define COHOOK_ANCHOR_H

#include <stdbool.h>
#include <stddef.h>

#include "lex.h"

struct pool;

/* All tokens of a text, comments included. */
struct tokens {
	const char *text;
	struct token *items;
	size_t count;
};

void anchor_read(
	struct tokens *tokens, struct pool *pool, const char *text, size_t length);

struct anchor {
	size_t offset;
	bool clean; /* nothing but a comment stands behind it on its line */
};

/* anchor_find - a place at file scope before the declaration that begins at BEGIN (its
 * attributes may stand further ahead) and behind the one before, which ends at PREVIOUS,
 * 0 if there is none. A #define or #undef of NAME is not crossed, nor is an #include or
 * an #if. If there is no clean place it is the beginning of the declaration itself. */
struct anchor anchor_find(
	const struct tokens *tokens, size_t begin, size_t previous, const char *name);

/* anchor_is_macro - whether NAME is a macro at offset AT, by what is done with it from
 * there to END. */
bool anchor_is_macro(
	const struct tokens *tokens, size_t at, size_t end, const char *name);

#endif
