/* job.h - one command: what was asked, what it says, who carries it out. */
#ifndef COHOOK_JOB_H
#define COHOOK_JOB_H

#include <unistd.h>

#include "backend.h"
#include "cmdline.h"
#include "exec.h"
#include "settings.h"

struct job {
	bool keep_library; /* the C++ library's headers did not compile when changed */
	struct settings settings;
	struct cmdline line;
	struct backend backend;
	const char *abi; /* of what is made, as facts.h has it; NULL: not asked yet */
	bool stdin_is_ours; /* standard input was read and is a file that can be read
			       again */
	enum {
		WANTS_UNKNOWN,
		WANTS_NOTHING,
		WANTS_RUNTIME,
	} wants; /* what link_wants_runtime() has found */
};

/* job_command - the compiler on ARGUMENTS, which follow the words that it begins with. It
 * is to be run before the next is made: both may read standard input from its start. */
static inline void job_command(const struct job *job, const struct argvec *arguments,
	struct exec_command *command)
{
	*command = (struct exec_command){.program = job->backend.program};
	argvec_append(&command->words, &job->backend.words);
	argvec_append(&command->words, arguments);
	if (job->stdin_is_ours)
		lseek(STDIN_FILENO, 0, SEEK_SET);
}

#endif
