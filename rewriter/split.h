/* split.h - a command with several sources as several runs of the compiler. */
#ifndef COHOOK_SPLIT_H
#define COHOOK_SPLIT_H

#include "attempt.h"

/* split_run - like attempt_run(), where the sources of ATTEMPT must see the same header
 * differently and the compiler can be given only one text of it for a run. */
bool split_run(struct attempt *attempt, const char **why);

#endif
