/* exec.h - starting programs: in our place, or as a child whose output is kept. */
#ifndef COHOOK_EXEC_H
#define COHOOK_EXEC_H

#include <stdbool.h>
#include <stddef.h>

#include "argvec.h"

struct exec_command {
	const char *program;       /* path */
	struct argvec words;       /* its argv */
	struct argvec environment; /* empty: exec_environment()'s */
	int input;                 /* to be its standard input; 0: ours */
	bool capture;              /* keep what it writes */
};

struct exec_outcome {
	int status;      /* as a shell gives it: 128 + the signal that ended it */
	char *out, *err; /* malloc'd with a NUL behind; NULL when not captured */
	size_t out_length, err_length;
};

/* exec_environment - the environment for compilers: ours, marked so that we know when we
 * are started by ourselves. exec_is_nested() tells. */
void exec_environment(struct argvec *environment);
bool exec_is_nested(void);

/* exec_replace - become the program. */
_Noreturn void exec_replace(struct exec_command *command);

/* exec_run - run it to its end. 0, or -errno when it could not be started.
 *
 * Signals that ask us to end are passed on; once the child is gone we remove what is ours
 * and end by the same signal, so the call does not return then. */
int exec_run(struct exec_command *command, struct exec_outcome *outcome);

/* exec_show - pass captured output on, byte for byte. */
void exec_show(const struct exec_outcome *outcome);
void exec_forget(struct exec_outcome *outcome);

#endif
