/* attempt.h - one try at compiling rewritten text. */
#ifndef COHOOK_ATTEMPT_H
#define COHOOK_ATTEMPT_H

#include "deliver.h"
#include "job.h"
#include "sources.h"

enum { MOST_ROUNDS = 4 }; /* in which clang may come up with new names for headers */

struct attempt {
	struct job *job;
	struct sources *sources;
	struct delivery delivery; /* a unit is the index of its source */
	struct argvec ours; /* the words that the last run had before those of the user */
	int database;       /* what its -MJ wrote to; 0 for none */
};

/* attempt_run - have the compiler carry out JOB on the texts of SOURCES.
 *
 * True: the outputs are there and the messages of the compiler have been passed on.
 * False: nothing was passed on, and *WHY says what stood in the way; the outputs are to
 * be made again. */
bool attempt_run(struct job *job, struct sources *sources, const char **why);

/* attempt_environment - what every compiler run of an attempt has in its environment. */
void attempt_environment(struct argvec *environment);

/* attempt_stay_here - keep distcc and icecream behind us from sending the compilation out:
 * no other machine has clang's overlay, and they shun one that failed. */
void attempt_stay_here(struct argvec *environment);

/* attempt_colour - push the option that keeps colours although we stand between compiler
 * and terminal. */
void attempt_colour(const struct job *job, struct argvec *arguments);

/* attempt_failure - WHY for a compiler that failed with MESSAGES. */
const char *attempt_failure(const char *messages);

#endif
