/* config.h - what a .cohook file says, as rules that can be asked. Pure. */
#ifndef COHOOK_CONFIG_H
#define COHOOK_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "hooks.h"
#include "rewrite.h"

struct pool;

struct rule {
	const char *pattern; /* as for fnmatch(3) */
	unsigned line;
	bool first; /* the first of the section's two keys: include, hook, fiber */
};

struct rules {
	struct rule *list;
	size_t count;
};

struct mapping {
	struct hook row; /* of kind HOOK_MAPPED */
	unsigned line;
};

struct config {
	struct pool *pool;
	const char *path;   /* of the file, as messages name it */
	const char *folder; /* absolute; patterns are relative to it */
	struct rules files, functions, threads;
	struct mapping *mappings;
	size_t nmappings;
};

/* config_parse - read TEXT into CONFIG, zeroed but for its pool, path and folder. 0, or
 * -EINVAL and *TROUBLE, from the pool: "PATH:LINE: what is wrong and what is allowed". */
int config_parse(
	struct config *config, const char *text, size_t length, const char **trouble);

/* All that follows takes NULL for "there is no file". Reasons are from POOL. */

/* config_keeps_file - why nothing in the file PATH, absolute, is rewritten; NULL if it
 * may be. */
const char *config_keeps_file(
	const struct config *config, struct pool *pool, const char *path);

/* config_keeps_function - why no use of ROW's function is rewritten; NULL if it may be.
 */
const char *config_keeps_function(
	const struct config *config, struct pool *pool, const struct hook *row);

/* config_threads - the mode for the source PATH, absolute, into *MODE and the line that
 * says so; 0 and MODE as it was if none does. */
unsigned config_threads(
	const struct config *config, const char *path, enum threads_mode *mode);

/* config_hook - the row that names the LENGTH bytes at NAME: a mapping, or one of
 * hooks.def; NULL if there is none. */
const struct hook *config_hook(
	const struct config *config, const char *name, size_t length);

#endif
