/* facts.h - what must be known of a compiler to parse as it does and hand text to it. */
#ifndef COHOOK_FACTS_H
#define COHOOK_FACTS_H

#include "argvec.h"
#include "backend.h"
#include "cmdline.h"

enum compiler_kind {
	COMPILER_OTHER, /* nobody we know how to hand text to */
	COMPILER_GCC,
	COMPILER_CLANG,
};

struct facts {
	enum compiler_kind kind;
	const char *target;   /* "x86_64-linux-gnu" */
	const char *standard; /* what it takes without -std: "gnu17", "gnu++17" */
	const char *abi; /* what objects must agree on to be linked: "x86_64 8 glibc" */
	int fortify;     /* _FORTIFY_SOURCE that it defines itself when optimizing */
	const char *builtin;  /* its directory of those, NULL if it has none */
	struct argvec system; /* its directories for <...>, less those of its own builtin
				 headers */
};

/* facts_learn - the facts of BACKEND under the flags of LINE that matter, for C or C++.
 * Asks the compiler itself at most once for each combination; the answer is kept in the
 * user's cache directory. Where it cannot be asked the kind is COMPILER_OTHER. */
void facts_learn(struct facts *facts, const struct backend *backend,
	const struct cmdline *line, enum input_kind kind);

/* facts_runtime_abi - the abi that our runtime was built for, NULL if not known. */
const char *facts_runtime_abi(void);

/* facts_print - in the form that is kept, on standard output. */
void facts_print(const struct backend *backend, const struct cmdline *line);

#endif
