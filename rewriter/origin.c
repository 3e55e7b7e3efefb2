/* origin.c - decides which files are the system's and therefore never touched.
 *
 * A compiler's own notion of a system header does not do: it takes in what the user gives
 * with -isystem and what a precompiled header pulls in. What counts is the folder: the
 * usual ones, those of a cross compiler, the same below a sysroot, and wherever libc's
 * headers turned out to be. Pure; called by the prefilter and by unit. */
#include "origin.h"

#include <stddef.h>
#include <string.h>

/* The rest of PATH below FOLDER, NULL if it is not in there. */
static const char *below(const char *path, const char *folder)
{
	size_t length = strlen(folder);

	while (length && folder[length - 1] == '/')
		length--;
	if (strncmp(path, folder, length) || path[length] != '/')
		return NULL;
	return path + length;
}

/* /usr/TARGET/include and /usr/TARGET/sys-include, as Debian's cross compilers have them.
 */
static bool of_cross_compiler(const char *path)
{
	const char *target = below(path, "/usr");
	const char *rest = target ? strchr(target + 1, '/') : NULL;

	return rest && memchr(target, '-', (size_t)(rest - target)) &&
	       (below(rest, "/include") || below(rest, "/sys-include"));
}

static bool in_usual_place(const char *path)
{
	static const char *const folders[] = {
		"/usr/include",
		"/usr/local/include",
		"/usr/lib",
		"/usr/lib32",
		"/usr/lib64",
		"/usr/libx32",
		"/lib",
		"/include",
	};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		if (below(path, folders[i]))
			return true;
	}
	return of_cross_compiler(path);
}

/* Folders that are the compiler's own by what it says of itself. */
static bool in_compilers_place(const char *const *args, const char *path)
{
	static const char cxx[] = "-stdlib++-isystem";

	for (; args && *args; args++) {
		if (!strncmp(*args, cxx, sizeof cxx - 1) &&
			below(path, *args + sizeof cxx - 1))
			return true;
		bool own = !strcmp(*args, "-internal-isystem") ||
			   !strcmp(*args, "-internal-externc-isystem");
		if (own && args[1] && !strcmp(args[1], "-Xclang"))
			args++;
		if (own && args[1] && below(path, args[1]))
			return true;
	}
	return false;
}

bool origin_is_system(const struct origin *origin, const char *path)
{
	if (in_usual_place(path) || in_compilers_place(origin->args, path))
		return true;
	const char *rest = origin->sysroot ? below(path, origin->sysroot) : NULL;
	if (rest && in_usual_place(rest))
		return true;
	return (origin->resource_dir && below(path, origin->resource_dir)) ||
	       (origin->libc && below(path, origin->libc));
}

const char *origin_sysroot(const char *const *args)
{
	static const char *const joined[] = {"--sysroot=", "-isysroot"};
	const char *sysroot = NULL;

	for (; *args; args++) {
		bool separate =
			!strcmp(*args, "--sysroot") || !strcmp(*args, "-isysroot");
		if (separate && args[1])
			sysroot = *++args;
		for (size_t i = 0; !separate && i < sizeof joined / sizeof *joined; i++) {
			if (!strncmp(*args, joined[i], strlen(joined[i])))
				sysroot = *args + strlen(joined[i]);
		}
	}
	return sysroot;
}
