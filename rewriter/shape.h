/* shape.h - can a name, by the tokens around it, refer to a function? */
#ifndef COHOOK_SHAPE_H
#define COHOOK_SHAPE_H

#include <stdbool.h>

#include "lex.h"

/* A name with its neighbours; neighbours that do not exist are of kind TOKEN_END. */
struct shape {
	const char *text;
	struct token before[3]; /* [0] is next to the name */
	struct token name;
	struct token after[2];
	bool in_attribute; /* of GNU's form */
};

/* The last tokens that a reader has passed. */
struct shape_window {
	struct token before[3];
	unsigned attribute; /* 1 behind __attribute__, then 1 more for each parenthesis that
			       is open */
};

void shape_window_open(struct shape_window *window);
void shape_window_pass(struct shape_window *window, const char *text, struct token token);

/* shape_of - the shape around NAME, which LEXER has just given. */
struct shape shape_of(
	const struct lexer *lexer, struct token name, const struct shape_window *window);

/* Whether the token is the name of a macro, as far as is known. */
struct shape_macros {
	bool (*is_macro)(void *context, const char *name, size_t length);
	void *context;
	bool cxx; /* the text is C++, where a mere product may be a statement */
};

/* shape_may_refer - false only if the name is surely a member, a tag, a label, being
 * declared, or the kind of a format. */
bool shape_may_refer(const struct shape *shape, const struct shape_macros *macros);

/* shape_is_kind_of_format - whether the name is printf in
 * `__attribute__((format(printf, 1, 2)))`, where it refers to nothing. */
bool shape_is_kind_of_format(
	const struct shape *shape, const struct shape_macros *macros);

#endif
