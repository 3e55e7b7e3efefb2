/* layout.c - owns the way from the executable to its libraries.
 *
 * They lie beside each other in the build tree and after an installation alike:
 * bin/cohook-cc and lib/cohook/, where lib may have a multiarch part. Nothing is taken
 * from where it was built, so that a tree can be moved. Called by link, deliver and
 * backend. */
#include "layout.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "cohook_config.h"

const char *layout_self(void)
{
	static char path[PATH_MAX];

	if (*path)
		return path;
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	if (n <= 0)
		return NULL;
	path[n] = 0;
	return path;
}

bool layout_is_self(const char *path)
{
	struct stat self, other;

	if (stat("/proc/self/exe", &self) < 0 || stat(path, &other) < 0)
		return false;
	return self.st_dev == other.st_dev && self.st_ino == other.st_ino;
}

/* The directory above bin/. */
static const char *prefix(void)
{
	const char *self = layout_self();
	const char *slash = self ? strrchr(self, '/') : NULL;

	if (!slash)
		return NULL;
	const char *bin = arena_copy(self, (size_t)(slash - self));
	slash = strrchr(bin, '/');
	return slash ? arena_copy(bin, (size_t)(slash - bin)) : NULL;
}

const char *layout_library(const char *name)
{
	static const char *const directories[] = {"lib", COHOOK_LIBDIR, "lib64"};
	const char *root = prefix();

	for (size_t i = 0; root && i < sizeof directories / sizeof *directories; i++) {
		const char *path =
			arena_printf("%s/%s/cohook/%s", root, directories[i], name);
		if (access(path, R_OK) == 0)
			return path;
	}
	return NULL;
}

const char *layout_program(const char *name)
{
	const char *root = prefix();
	const char *path = root ? arena_printf("%s/bin/%s", root, name) : NULL;

	return path && access(path, X_OK) == 0 ? path : NULL;
}

const char *layout_shared(const char *name)
{
	const char *root = prefix();
	const char *path = root ? arena_printf("%s/share/cohook/%s", root, name) : NULL;

	return path && access(path, R_OK) == 0 ? path : NULL;
}
