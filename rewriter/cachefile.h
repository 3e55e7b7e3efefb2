/* cachefile.h - files that may be lost at any time. */
#ifndef COHOOK_CACHEFILE_H
#define COHOOK_CACHEFILE_H

#include <stddef.h>

/* cachefile_store - have NAME, a path below the folder ROOT, hold LENGTH bytes.
 *
 * ROOT, the folder above it and folders in NAME are made. Whoever opens the file finds
 * the old bytes or the new ones, whole. Fails in silence: a cache that cannot be written
 * is only slow. */
void cachefile_store(
	const char *root, const char *name, const void *bytes, size_t length);

/* cachefile_trim - if the files in FOLDER hold more than LIMIT bytes, remove those that
 * were used least recently until they hold a good deal less. */
void cachefile_trim(const char *folder, size_t limit);

/* cachefile_used - PATH was used right now. */
void cachefile_used(const char *path);

#endif
