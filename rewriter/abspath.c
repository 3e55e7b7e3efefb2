/* abspath.c - owns the tidying of paths that patterns are compared with.
 *
 * Called by configfile for sources and by rewrite for the files of a unit. */
#include "abspath.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "pool.h"

const char *abspath(struct pool *pool, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	const char *folder = slash ? pool_copy(pool, path, (size_t)(base - path)) : ".";
	char real[PATH_MAX];

	if (!realpath(folder, real))
		return path;
	return pool_printf(pool, "%s/%s", strcmp(real, "/") ? real : "", base);
}
