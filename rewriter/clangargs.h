/* clangargs.h - the flags under which libclang reads a source as the compiler behind
 * does. */
#ifndef COHOOK_CLANGARGS_H
#define COHOOK_CLANGARGS_H

#include "argvec.h"
#include "cmdline.h"
#include "facts.h"

/* clangargs_build - push them to ARGS for an input of KIND. */
void clangargs_build(struct argvec *args, const struct cmdline *line,
	const struct facts *facts, enum input_kind kind);

/* clangargs_more_headers - push what lets libclang find those headers that the compiler
 * behind brings and libclang does not. They are rarely asked for, and cost. */
void clangargs_more_headers(struct argvec *args, const struct facts *facts);

/* clangargs_before_c23 - push what makes of C23 the C before it, if that is what ARGS ask
 * for; whether it is. Compilers that call a draft c2x have functions in the old style
 * there. */
bool clangargs_before_c23(struct argvec *args);

/* clangargs_fortify - the _FORTIFY_SOURCE that holds, 0 for none. */
int clangargs_fortify(const struct cmdline *line, const struct facts *facts);

#endif
