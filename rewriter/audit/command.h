/* command.h - the compilations that are to be audited. */
#ifndef COHOOK_AUDIT_COMMAND_H
#define COHOOK_AUDIT_COMMAND_H

#include <stddef.h>

#include "argvec.h"
#include "backend.h"

/* One compilation. */
struct command {
	const char *directory; /* to be in; NULL: where we are */
	const char *file;      /* its source as the user names it */
	struct backend backend;
	struct argvec words; /* behind the compiler's name */
	const char *trouble; /* why it cannot be audited; NULL normally */
};

struct command_list {
	struct command *items; /* in the arena */
	size_t count, room;
};

/* command_of_file - a compilation of FILE with FLAGS by the default compiler. */
void command_of_file(struct command_list *list, const char *file, char *const *flags);

/* command_of_database - those of compile_commands.json in DIRECTORY, or of the file
 * itself. NULL, or what is wrong with it. */
const char *command_of_database(struct command_list *list, const char *directory);

#endif
