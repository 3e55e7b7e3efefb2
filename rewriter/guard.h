/* guard.h - what happens when the rewriting itself crashes. */
#ifndef COHOOK_GUARD_H
#define COHOOK_GUARD_H

#include "job.h"

/* guard_enter, guard_leave - between the two, a crash of this process turns it into the
 * plain compiler on the command of JOB, with a warning about FILE (an error and status 1
 * under --cohook-strict). */
void guard_enter(struct job *job, const char *file);
void guard_leave(void);

#endif
