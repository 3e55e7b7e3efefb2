/* conditions.h - which parts of a file no compiler sees, as far as #if and its kin tell. */
#ifndef COHOOK_CONDITIONS_H
#define COHOOK_CONDITIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "lex.h"

/* Whether a macro of that name is surely never defined in the unit. */
typedef bool conditions_undefined(const void *context, const char *name, size_t length);

enum { CONDITIONS_DEPTH = 64 };

/* The groups that are open in a file. Zero-initialised it is at the file's beginning and
 * knows of no name. */
struct conditions {
	conditions_undefined *undefined; /* or NULL */
	const void *context;
	struct condition {
		bool above; /* the group around is dead */
		bool dead;  /* so is this one */
		bool taken; /* one of the chain's groups surely is not */
	} open[CONDITIONS_DEPTH];
	size_t depth;
	bool doubt; /* the file does not close what it opens, or goes too deep */
};

/* conditions_read - if WORD, which LEXER has just given behind a #, is #if or one of its
 * kin, take in the whole line; whether it is. */
bool conditions_read(
	struct conditions *conditions, struct lexer *lexer, struct token word);

/* conditions_dead - whether what follows is surely not compiled. */
bool conditions_dead(const struct conditions *conditions);

#endif
