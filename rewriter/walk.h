/* walk.h - a walk over the words of a command line, for its two halves: cmdline.c finds
 * the words and their values, meaning.c knows what they mean. */
#ifndef COHOOK_WALK_H
#define COHOOK_WALK_H

#include "cmdline.h"
#include "options.h"

/* Whose words are being walked. */
enum context {
	FOR_DRIVER,
	BEFORE_OURS, /* the compiler's name and what belongs to it, a launcher perhaps */
	FOR_PREPROCESSOR, /* values of -Wp and -Xpreprocessor */
	FOR_CC1,          /* values of -Xclang */
};

struct walk {
	struct cmdline *line;
	enum context context;
	const struct argvec *words;
	size_t at;                    /* the word that is looked at */
	const struct option_row *row; /* of that word, NULL for an input */
	bool compiles_cxx;            /* the driver takes C files for C++ */
	bool kind_given;              /* by -x, so that extensions do not count */
	enum input_kind kind;         /* valid with kind_given */
	bool static_libraries;        /* -Bstatic is in force */
	bool includes_for_cc1;        /* -Xclang -include was there */
	const char *pch;              /* of -include-pch, NULL if it was not there */
	struct argvec preprocessor;   /* values for the second walks */
	struct argvec cc1;
};

/* meaning_of_input - PATH is a file to be compiled or linked. */
void meaning_of_input(struct walk *walk, const char *path);

/* meaning_of_option - act on the option at hand, with VALUE. */
void meaning_of_option(struct walk *walk, const char *value);

/* meaning_role, meaning_set_role - what words of ROW are for; note it for one. */
enum role meaning_role(const struct option_row *row);
void meaning_set_role(struct walk *walk, size_t word, enum role role);

/* meaning_pass_to_parse - libclang is to see COUNT words from the one at hand on. */
void meaning_pass_to_parse(struct walk *walk, size_t count);

/* meaning_include - as -include VALUE. */
void meaning_include(struct walk *walk, const char *value);

#endif
