/* argvec.h - a growing vector of strings that can be given to execve(2) as it is. */
#ifndef COHOOK_ARGVEC_H
#define COHOOK_ARGVEC_H

#include <stdbool.h>
#include <stddef.h>

/* Zero-initialised is empty. The strings are borrowed: they must live as long as the
 * vector is used. */
struct argvec {
	char **items; /* NULL-terminated once something was pushed */
	size_t count, room;
};

void argvec_push(struct argvec *vec, const char *item);
void argvec_append(struct argvec *vec, const struct argvec *more);

/* argvec_argv - what execve(2) wants, an empty list included. */
char **argvec_argv(struct argvec *vec);

/* argvec_set_variable - treat VEC as an environment: replace or add NAME.
 * argvec_unset_variable removes it; argvec_variable gives its value or NULL. */
void argvec_set_variable(struct argvec *vec, const char *name, const char *value);
void argvec_unset_variable(struct argvec *vec, const char *name);
const char *argvec_variable(const struct argvec *vec, const char *name);

/* argvec_split - push the words of TEXT, which are separated by white space; quotes and
 * backslashes work as in a compiler's response file. */
void argvec_split(struct argvec *vec, const char *text);

#endif
