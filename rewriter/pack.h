/* pack.h - values one behind the other in a string of bytes, for files of our own. */
#ifndef COHOOK_PACK_H
#define COHOOK_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool;

struct pack {
	struct pool *pool; /* set by the user, all else zero at first */
	char *bytes;
	size_t length, room;
};

void pack_number(struct pack *pack, uint64_t number);
void pack_bytes(struct pack *pack, const void *bytes, size_t length);
void pack_string(struct pack *pack, const char *string); /* or NULL */

struct unpack {
	struct pool *pool; /* for the strings */
	const char *at, *end;
	bool broken; /* something was read that is not there; zeros came of it */
};

uint64_t unpack_number(struct unpack *unpack);
char *unpack_bytes(struct unpack *unpack, size_t *length); /* a NUL is behind them */
char *unpack_string(struct unpack *unpack);

/* unpack_count - a number of things that have BYTES each at least, so that what is broken
 * cannot ask for more memory than it is long. */
size_t unpack_count(struct unpack *unpack, size_t bytes);

#endif
