/* deliver.h - making a compiler see other text in files that stay as they are. */
#ifndef COHOOK_DELIVER_H
#define COHOOK_DELIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "argvec.h"

/* A file as one unit of the command must see it. */
struct delivered {
	const char *path; /* as libclang names it */
	uint64_t device, inode;
	unsigned unit;
	bool is_source; /* of the unit, not a header */
	int fd;         /* of the text; -1: as it is, but its reading is to be seen */
	struct argvec *names; /* more of its names, for clang; NULL if none is known */
};

struct swap_map;

/* Zero-initialised is empty. */
struct delivery {
	struct delivered *files;
	size_t count, room;
	struct swap_map *map; /* for gcc */
	int headers; /* for clang: a file that lists what it opened; 0 for none */
};

/* deliver_add - the unit of FILE shall see TEXT in it; a NULL text leaves it as it is. 0,
 * or -errno: -EXDEV when it shall see another text in it under another name already. */
int deliver_add(struct delivery *delivery, const struct delivered *file, const char *text,
	size_t length);

/* deliver_is_split - whether units disagree about a file that both may read, so that one
 * overlay cannot serve a command with UNITS sources. deliver_has_header - whether any
 * file is a header. */
bool deliver_is_split(const struct delivery *delivery, unsigned units);
bool deliver_has_header(const struct delivery *delivery);

/* deliver_to_clang - push the options that make clang see the texts of UNIT, or of all. 0
 * or -errno. */
enum { DELIVER_ALL_UNITS = -1 };
int deliver_to_clang(struct delivery *delivery, int unit, struct argvec *words);

/* deliver_to_gcc - change the environment so that cc1 sees the texts of UNITS units. 0 or
 * -errno. */
int deliver_to_gcc(struct delivery *delivery, unsigned units, struct argvec *environment);

/* deliver_learn_names - after clang has ended: whether it opened files of ours under
 * names that it did not know them by. It knows them now, and has to run again. */
bool deliver_learn_names(struct delivery *delivery);

/* deliver_unread - after the compiler has ended, a file that it should have read in the
 * new text and did not; NULL if all went well. */
const char *deliver_unread_by_clang(const struct delivery *delivery);
const char *deliver_unread_by_gcc(const struct delivery *delivery);

#endif
