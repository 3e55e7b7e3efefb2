/* compile.h - carries a command with sources out. */
#ifndef COHOOK_COMPILE_H
#define COHOOK_COMPILE_H

#include "job.h"

/* compile_run - compile, and link if the command says so; the exit status. May become the
 * compiler and not return. */
int compile_run(struct job *job);

/* compile_emit - print the rewritten text of every source; the exit status. */
int compile_emit(struct job *job);

#endif
