/* platform.c - owns what is taken for granted of macros that nobody defines.
 *
 * Compilers define reserved names, and a few old ones without a capital letter (linux,
 * unix, i386). On some machines there are more of these, so the target must be one of
 * those that are known. Of the reserved names only those of other systems are surely not
 * defined. Pure; called by the prefilter. */
#include "platform.h"

#include <string.h>

bool platform_is_known(const char *const *args)
{
	static const char *const machines[] = {
		"x86_64-", "i386-", "i486-", "i586-", "i686-", "aarch64-", "arm-"};
	static const char option[] = "--target=";
	bool known = false;

	for (; *args; args++) {
		if (strncmp(*args, option, sizeof option - 1) != 0)
			continue;
		const char *target = *args + sizeof option - 1;
		known = false;
		for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
			known |= !strncmp(target, machines[i], strlen(machines[i])) &&
				 strstr(target, "-linux") && !strstr(target, "android");
	}
	return known;
}

static bool is_of_other_system(const char *name, size_t length)
{
	static const char *const names[] = {"_AIX", "_MSC_VER", "_WIN32", "_WIN32_WCE",
		"_WIN64", "__ANDROID__", "__APPLE__", "__BEOS__", "__BORLANDC__",
		"__CYGWIN__", "__CYGWIN32__", "__DJGPP__", "__DragonFly__", "__EMX__",
		"__FreeBSD__", "__HAIKU__", "__HP_cc", "__MACH__", "__MINGW32__",
		"__MINGW64__", "__MSDOS__", "__MVS__", "__NetBSD__", "__OS2__",
		"__OS400__", "__OpenBSD__", "__QNX__", "__QNXNTO__", "__SVR4", "__TANDEM",
		"__TURBOC__", "__VMS", "__VXWORKS__", "__WATCOMC__", "__WIN32__",
		"__amigaos__", "__bsdi__", "__cplusplus", "__hpux", "__osf__", "__sgi",
		"__sun", "__sun__", "__ultrix__", "__vms"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == length && !memcmp(names[i], name, length))
			return true;
	return false;
}

bool platform_may_define(const char *name, size_t length)
{
	bool capital = false;

	for (size_t i = 0; i < length; i++)
		capital |= name[i] >= 'A' && name[i] <= 'Z';
	return (*name == '_' || !capital) && !is_of_other_system(name, length);
}
