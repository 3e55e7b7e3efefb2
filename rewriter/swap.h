/* swap.h - what the wrapper tells the library that it preloads into gcc's compiler
 * proper, and what the library answers. */
#ifndef COHOOK_SWAP_H
#define COHOOK_SWAP_H

#include <stdint.h>

/* Names the file that holds the map; the value is a path. */
#define SWAP_VARIABLE "COHOOK_SWAP"

#define SWAP_MAGIC "cohook swap 1"

enum {
	SWAP_SOURCE = 1,   /* opening it tells which unit the process compiles */
	SWAP_NO_UNIT = -1, /* not known yet */
	SWAP_PATH_SIZE = 40,
};

/* One file as one unit must see it. */
struct swap_entry {
	uint64_t device, inode; /* of the original */
	int32_t unit;
	uint32_t flags;
	char path[SWAP_PATH_SIZE]; /* to open instead; empty: only to be acknowledged */
	uint32_t served;           /* set by the library */
};

/* The file is mapped and shared: the wrapper reads the answers after the compiler has
 * ended. */
struct swap_map {
	char magic[16];
	uint32_t count;
	int32_t unit;              /* that every process compiles, or SWAP_NO_UNIT */
	uint32_t hide_precompiled; /* precompiled headers would bring the original text
				      back */
	uint32_t present;          /* set by the library when it is in a compiler */
	struct swap_entry entries[];
};

#endif
