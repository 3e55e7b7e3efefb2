/* uvneeds.c - stands between libuv and a function of libc that static programs had better not contain.
 *
 * The linker warns whoever links getpwuid_r(3) statically, and libuv, all of which comes along, looks up the
 * user's home with it. MergeArchive.cmake leads that call here: a program has the function if it uses it
 * itself, or is linked dynamically; else nobody is found, and libuv says that. */
#define _GNU_SOURCE
#include <errno.h>
#include <pwd.h>
#include <stddef.h>

extern __typeof__(getpwuid_r) getpwuid_r __attribute__((weak));

int co__uv_getpwuid_r(
	uid_t uid, struct passwd *entry, char *buf, size_t size, struct passwd **found);

int co__uv_getpwuid_r(
	uid_t uid, struct passwd *entry, char *buf, size_t size, struct passwd **found)
{
	if (getpwuid_r)
		return getpwuid_r(uid, entry, buf, size, found);
	*found = NULL;
	return ENOSYS;
}
