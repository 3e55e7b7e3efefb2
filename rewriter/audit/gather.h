/* gather.h - what wrappers have left in a folder while something was built. */
#ifndef COHOOK_AUDIT_GATHER_H
#define COHOOK_AUDIT_GATHER_H

#include "audit/document.h"

struct settings;

/* gather_folder, gather_file - add the notes in the folder PATH, or the report PATH.
 * NULL, or what is wrong, from DOCUMENT's pool. */
const char *gather_folder(struct document *document, const char *path);
const char *gather_file(struct document *document, const char *path);

/* gather_build - run the words ARGV with the wrapper in the place of every compiler, and
 * add its notes. ASKED has the configuration and the mode of threads. The build's output
 * goes to standard error, its status to *STATUS. NULL, or what is wrong. */
const char *gather_build(struct document *document, char **argv,
	const struct settings *asked, int *status);

#endif
