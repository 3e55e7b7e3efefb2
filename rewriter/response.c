/* response.c - owns the reading of response files.
 *
 * The quoting rules are those of gcc and clang for GNU command lines; names are relative
 * to the working directory at every depth. Called once, by cmdline. */
#include "response.h"

#include <errno.h>
#include <stdlib.h>

#include "arena.h"
#include "slurp.h"

enum { DEEPEST = 64, MOST_WORDS = 4 * 1024 * 1024 };

static int expand(char *const *argv, struct argvec *out, bool *from_file, int depth)
{
	for (; *argv; argv++) {
		struct argvec words = {0};
		char *text = NULL;
		size_t length;

		if (**argv != '@' || slurp_path(*argv + 1, &text, &length) < 0) {
			argvec_push(out, *argv);
			continue;
		}
		argvec_split(&words, text);
		free(text);
		*from_file = true;
		if (depth == DEEPEST || out->count + words.count > MOST_WORDS)
			return -ELOOP;
		int err = expand(argvec_argv(&words), out, from_file, depth + 1);
		if (err)
			return err;
	}
	return 0;
}

int response_expand(char *const *argv, struct argvec *out, bool *from_file)
{
	return expand(argv, out, from_file, 0);
}
