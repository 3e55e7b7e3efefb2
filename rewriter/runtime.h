/* runtime.h - which runtime a command is for. */
#ifndef COHOOK_RUNTIME_H
#define COHOOK_RUNTIME_H

#include "job.h"

/* runtime_file - the path of NAME, a part of the runtime for what JOB makes; NULL if there
 * is none for that. Learns the compiler's facts if need be. */
const char *runtime_file(struct job *job, const char *name);

/* runtime_missing - what to tell the user who has no runtime for ABI. */
const char *runtime_missing(const char *abi);

#endif
