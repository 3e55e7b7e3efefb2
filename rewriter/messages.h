/* messages.h - what the compiler says about rewritten text, as it would have said it of
 * the original. */
#ifndef COHOOK_MESSAGES_H
#define COHOOK_MESSAGES_H

#include "exec.h"
#include "job.h"
#include "sources.h"

/* messages_show - pass OUTCOME on, of a successful run of JOB on the texts of SOURCES. */
void messages_show(struct job *job, const struct sources *sources,
	const struct exec_outcome *outcome);

#endif
