/* options.h - the table of compiler options: which rows there are and which one a word
 * belongs to. */
#ifndef COHOOK_OPTIONS_H
#define COHOOK_OPTIONS_H

#include <stddef.h>

enum option_arity {
	ALONE,
	JOINED,
	SEPARATE,
	EITHER,
	ATTACHED_AND_NEXT,
};

enum option_effect {
	PARSE = 1,
	PROBE = 2,
	PLAIN = 4,
	HARD = 8,
	SIDE = 16,
};

enum option_action {
	NOTHING,
	CLANG,
	COLOUR,
	DATABASE,
	DEFINE,
	INCLUDE,
	INPUTS,
	LANGUAGE,
	LIBRARY,
	LIBRARY_PATH,
	LINKER,
	NOSTDINC,
	NO_LIBRARIES,
	OPTIMIZE,
	OUTPUT,
	OWN,
	PCH,
	PEDANTIC,
	PREPROCESSOR,
	RECORD,
	RELOCATABLE,
	SANITIZE,
	SHARED,
	STAGE,
	STANDARD,
	STATIC,
	UNDEFINE,
	OPTION_ACTIONS
};

struct option_row {
	const char *spelling;
	enum option_arity arity;
	unsigned effects; /* of enum option_effect */
	enum option_action action;
};

extern const struct option_row option_rows[];
extern const size_t option_row_count;

/* option_find - the row that WORD belongs to, NULL if it is no option or one that the
 * table does not name. */
const struct option_row *option_find(const char *word);

/* option_takes_next - whether WORD, which belongs to ROW, has its value in the word after
 * it. */
int option_takes_next(const struct option_row *row, const char *word);

#endif
