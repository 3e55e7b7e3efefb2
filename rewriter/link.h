/* link.h - links, with the runtime when something refers to it. */
#ifndef COHOOK_LINK_H
#define COHOOK_LINK_H

#include <stdbool.h>

#include "job.h"

enum link_form {
	LINK_FULL,    /* as it should be */
	LINK_PRIVATE, /* without the table's name, where the linker will not export it */
	LINK_MINIMAL, /* for linkers that do not know some of that */
};

/* link_wants_runtime - whether an object or library among the inputs refers to the
 * runtime. */
bool link_wants_runtime(struct job *job);

/* link_arguments - the arguments of a link as given, with the runtime behind them in
 * FORM. Where there is no runtime to link with (-r, none installed) they are as given.
 * link_push_runtime pushes only the latter part. */
void link_arguments(struct job *job, enum link_form form, struct argvec *arguments);
void link_push_runtime(struct job *job, enum link_form form, struct argvec *arguments);

/* link_plain_arguments - the arguments with sources compiled as they are: with the
 * runtime if it is wanted. */
void link_plain_arguments(struct job *job, struct argvec *arguments);

/* link_other_form - the form that suits a linker better that had this to say of
 * LINK_FULL; LINK_FULL if there is none. */
enum link_form link_other_form(const struct exec_outcome *outcome);

/* link_run - carry out a link whose sources are compiled as they are; the exit status.
 * What the compiler says has been passed on. */
int link_run(struct job *job);

#endif
