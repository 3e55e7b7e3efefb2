/* stamp.h - what a file system says of a file, to see whether it is still the same. */
#ifndef COHOOK_STAMP_H
#define COHOOK_STAMP_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct pack;
struct unpack;

/* All zero for a file that is not there, or about which nothing can be said. */
struct stamp {
	uint64_t device, inode, size;
	uint64_t modified, changed; /* nanoseconds */
};

/* stamp_of - of the file PATH; whether there is one. */
bool stamp_of(const char *path, struct stamp *stamp);

/* stamp_is_recent - whether the file may have changed since the time SINCE, or could
 * change without its times showing it. */
bool stamp_is_recent(const struct stamp *stamp, const struct timespec *since);

/* stamp_same - whether both are of the same unchanged file; never if one is zero. */
bool stamp_same(const struct stamp *a, const struct stamp *b);

void stamp_pack(struct pack *pack, const struct stamp *stamp);
void stamp_unpack(struct unpack *unpack, struct stamp *stamp);

#endif
