/* systemnames.h - every name that the system's headers of a unit may define as a macro. */
#ifndef COHOOK_SYSTEMNAMES_H
#define COHOOK_SYSTEMNAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "words.h"

struct wanted_header {
	const char *name;
	bool next;
};

/* Zero-initialised but for the pools and USERS it has seen no header. */
struct systemnames {
	struct pool *pool;
	struct words names;
	/* Told of every header that is included: the user may have one of that name. */
	void (*users)(void *context, const char *header);
	void *context;
	bool ahead; /* a folder of the system's is searched before one of the user's */
	const char **folders; /* private from here on */
	size_t nfolders;
	struct words seen, seen_next;
	struct words paths;
	struct wanted_header *wanted; /* in the order in which they are read */
	size_t nwanted;
	bool doubt;
};

/* systemnames_folder - look in FOLDER, too, for what is included from now on. */
void systemnames_folder(struct systemnames *system, const char *folder);

/* systemnames_include - the unit may include HEADER; NEXT: from any of the folders, not
 * only the first that has it. */
void systemnames_include(struct systemnames *system, const char *header, bool next);

/* systemnames_read - read what is to be included, and what that includes. */
void systemnames_read(struct systemnames *system);

/* systemnames_has - whether a macro NAME may be defined, or nothing can be said. */
bool systemnames_has(const struct systemnames *system, const char *name, size_t length);

#endif
