/* database.h - clang's -MJ: the command line as an entry of a compilation database. */
#ifndef COHOOK_DATABASE_H
#define COHOOK_DATABASE_H

#include "argvec.h"

/* database_redirect - push a -MJ whose file is ours; its descriptor, or -errno. */
int database_redirect(struct argvec *words);

/* database_store - append what clang wrote to FD to the file PATH, less the words OURS,
 * which stood in the command line in one piece. 0 or -errno. */
int database_store(int fd, const char *path, const struct argvec *ours);

#endif
