/* cmdline.h - a compiler command line, understood: what it does, to which files, and what
 * of it libclang has to know. */
#ifndef COHOOK_CMDLINE_H
#define COHOOK_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "argvec.h"
#include "settings.h"

enum stage {
	STAGE_PLAIN,   /* nothing in it is for us: the compiler gets it as it is */
	STAGE_COMPILE, /* -c or -S */
	STAGE_LINK,    /* a link, of sources too perhaps */
};

enum input_kind {
	INPUT_OBJECT,  /* for the linker */
	INPUT_LIBRARY, /* -lNAME, by name */
	INPUT_C,
	INPUT_C_OUTPUT, /* preprocessed already */
	INPUT_CXX,
	INPUT_CXX_OUTPUT,
	INPUT_HEADER, /* to be precompiled */
	INPUT_OTHER,
};

struct input {
	const char *path; /* as given */
	enum input_kind kind;
	bool static_only; /* a library: only the archive will do */
	size_t word;      /* its index in the words */
};

/* What a word of the command line is for; a value in a word of its own has the role of
 * its option. */
enum role {
	ROLE_OPTION,
	ROLE_INPUT,
	ROLE_OUTPUT,
	ROLE_SIDE,     /* makes or names a file beside the output */
	ROLE_DATABASE, /* -MJ */
	ROLE_LINK,     /* means something to the linker only */
	ROLE_LANGUAGE, /* -x */
};

struct cmdline {
	enum stage stage;
	struct argvec given;  /* for the compiler: without our options, response files as
				 they were */
	struct argvec words;  /* the same with response files expanded */
	enum role *roles;     /* of each of the words */
	struct input *inputs; /* in order */
	size_t ninputs;
	const char *output;   /* of -o, NULL if it is not given */
	bool assembly;        /* -S */
	const char *database; /* of -MJ, NULL if it is not given */

	struct argvec parse; /* flags for libclang */
	struct argvec probe; /* flags that change what the compiler's facts are */
	struct argvec paths; /* of -L */
	const char *hard;    /* the word that makes rewriting impossible, or NULL */
	const char
		*records; /* the word that makes clang record its command line, or NULL */
	const char *sanitizers; /* of the last -fsanitize=, or NULL */
	int fortify; /* _FORTIFY_SOURCE as given, FORTIFY_DEFAULT if it is not */
	bool optimizes;
	bool pedantic;
	bool nostdinc;
	bool coloured;      /* the use of colours is given */
	bool side_is_mixed; /* words of ROLE_SIDE hold more than that */

	bool cxx; /* the compiler is one of C++ */
	bool shared, fully_static, relocatable;
	bool no_libraries; /* -nostdlib and the like: none but those that are named */
};

enum { FORTIFY_DEFAULT = -1 };

/* cmdline_parse - understand ARGV, which starts behind the program's name. Our own
 * options go to SETTINGS; an unknown one ends the process. BEFORE are the words that the
 * compiler's command line begins with: of the flags among them only the meaning for the
 * source counts. */
void cmdline_parse(struct cmdline *line, const struct argvec *before, char *const *argv,
	struct settings *settings);

/* cmdline_default_output - the name that the compiler gives the output of INPUT without
 * -o. */
const char *cmdline_default_output(const struct cmdline *line, const struct input *input);

#endif
