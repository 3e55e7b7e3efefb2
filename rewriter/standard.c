/* standard.c - owns what is known of the C++ library's headers.
 *
 * A function of them that is changed in a unit gets a tag (abi_tag), which is part of its
 * symbol and of no type: units that were not rewritten keep the library's own, whatever
 * the order of the link, and objects go from the ones to the others. Pure; called by
 * unit, adopt, the prefilter and plan. */
#include "standard.h"

#include <stdint.h>
#include <string.h>

#include "config.h"
#include "hooks.h"
#include "pool.h"
#include "rewrite.h"

static const struct header {
	const char *suffix;
	enum standard_part part;
} headers[] = {
#define HEADER(suffix, part) {"/" suffix, STANDARD_##part},
#include "standard.def"
};

static const struct standard_own own[] = {
#define OWN(symbol, needs, text) {symbol, needs, text},
#include "standard.def"
};

/* Without those that wait, those that bring what the program has to ask for itself, and
 * <atomic>, which begins to wait with C++20. */
static const char *const harmless[] = {
	/* C */
	"aio.h",
	"alloca.h",
	"ar.h",
	"argp.h",
	"assert.h",
	"byteswap.h",
	"complex.h",
	"cpio.h",
	"crypt.h",
	"ctype.h",
	"dirent.h",
	"dlfcn.h",
	"elf.h",
	"endian.h",
	"err.h",
	"errno.h",
	"error.h",
	"execinfo.h",
	"fcntl.h",
	"features.h",
	"fenv.h",
	"float.h",
	"fmtmsg.h",
	"fnmatch.h",
	"fts.h",
	"ftw.h",
	"getopt.h",
	"glob.h",
	"grp.h",
	"iconv.h",
	"ifaddrs.h",
	"inttypes.h",
	"iso646.h",
	"langinfo.h",
	"libgen.h",
	"limits.h",
	"link.h",
	"locale.h",
	"malloc.h",
	"math.h",
	"memory.h",
	"mntent.h",
	"monetary.h",
	"mqueue.h",
	"netdb.h",
	"nl_types.h",
	"poll.h",
	"printf.h",
	"pthread.h",
	"pty.h",
	"pwd.h",
	"regex.h",
	"resolv.h",
	"sched.h",
	"search.h",
	"semaphore.h",
	"setjmp.h",
	"shadow.h",
	"signal.h",
	"spawn.h",
	"stdalign.h",
	"stdarg.h",
	"stdbool.h",
	"stddef.h",
	"stdint.h",
	"stdio.h",
	"stdlib.h",
	"string.h",
	"strings.h",
	"stropts.h",
	"sysexits.h",
	"syslog.h",
	"termios.h",
	"tgmath.h",
	"threads.h",
	"time.h",
	"ucontext.h",
	"uchar.h",
	"unistd.h",
	"utime.h",
	"utmp.h",
	"utmpx.h",
	"wait.h",
	"wchar.h",
	"wctype.h",
	"wordexp.h",
	"cpuid.h",
	"emmintrin.h",
	"immintrin.h",
	"x86intrin.h",
	/* C++ */
	"algorithm",
	"any",
	"array",
	"atomic",
	"bit",
	"bitset",
	"cassert",
	"ccomplex",
	"cctype",
	"cerrno",
	"cfenv",
	"cfloat",
	"charconv",
	"chrono",
	"cinttypes",
	"ciso646",
	"climits",
	"clocale",
	"cmath",
	"codecvt",
	"compare",
	"complex",
	"concepts",
	"coroutine",
	"csetjmp",
	"csignal",
	"cstdalign",
	"cstdarg",
	"cstdbool",
	"cstddef",
	"cstdint",
	"cstdio",
	"cstdlib",
	"cstring",
	"ctgmath",
	"ctime",
	"cuchar",
	"cwchar",
	"cwctype",
	"cxxabi.h",
	"deque",
	"exception",
	"expected",
	"filesystem",
	"format",
	"forward_list",
	"fstream",
	"functional",
	"initializer_list",
	"iomanip",
	"ios",
	"iosfwd",
	"iostream",
	"istream",
	"iterator",
	"limits",
	"list",
	"locale",
	"map",
	"memory",
	"new",
	"numbers",
	"numeric",
	"optional",
	"ostream",
	"queue",
	"random",
	"ranges",
	"ratio",
	"regex",
	"scoped_allocator",
	"set",
	"source_location",
	"span",
	"spanstream",
	"sstream",
	"stack",
	"stdexcept",
	"streambuf",
	"string",
	"string_view",
	"strstream",
	"system_error",
	"tuple",
	"type_traits",
	"typeindex",
	"typeinfo",
	"unordered_map",
	"unordered_set",
	"utility",
	"valarray",
	"variant",
	"vector",
	"version",
};

static const char *const libc_folders[] = {"arpa/", "asm/", "bits/", "linux/", "net/",
	"netinet/", "netpacket/", "protocols/", "rpc/", "sys/"};

static const char *const classes[] = {"barrier", "condition_variable", "jthread", "latch",
	"lock_guard", "mutex", "recursive_mutex", "scoped_lock", "this_thread",
	"timed_mutex", "unique_lock"};

static bool ends(const char *path, const char *suffix)
{
	size_t length = strlen(path), tail = strlen(suffix);

	return length >= tail && !strcmp(path + length - tail, suffix);
}

/* libstdc++'s folders, those of one target too, have this in their names; libc++ has its
 * waiting in its binary. */
static bool is_cxx_library(const char *path)
{
	return strstr(path, "/c++/") && !strstr(path, "/c++/v1/");
}

enum standard_part standard_part(const char *path)
{
	if (!is_cxx_library(path))
		return STANDARD_NONE;
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		const char *suffix = headers[i].suffix;
		if (!ends(path, suffix))
			continue;
		/* Those without a folder are right in the library's. */
		const char *folder = strstr(path, "/c++/") + 5;
		const char *rest = strchr(folder, '/');
		bool bare = !strchr(suffix + 1, '/');
		if (!bare || (rest && !strcmp(rest, suffix)))
			return headers[i].part;
	}
	return STANDARD_NONE;
}

const struct standard_own *standard_own(const char *symbol)
{
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (!strcmp(own[i].symbol, symbol))
			return &own[i];
	return NULL;
}

static bool is_one_of(
	const char *const *list, size_t count, const char *name, size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(list[i]) == length && !memcmp(list[i], name, length))
			return true;
	return false;
}

/* The last -std counts; what the compiler takes by itself is among ARGS, too. */
static bool is_cxx20(const char *const *args)
{
	bool recent = false;

	for (; *args; args++)
		if (!strncmp(*args, "-std=", 5))
			recent = strstr(*args, "++2") != NULL;
	return recent;
}

bool standard_is_harmless(const char *name, size_t length, const char *const *args)
{
	for (size_t i = 0; i < sizeof libc_folders / sizeof *libc_folders; i++)
		if (!strncmp(name, libc_folders[i], strlen(libc_folders[i])))
			return true;
	if (length == strlen("atomic") && !memcmp(name, "atomic", length))
		return !is_cxx20(args);
	return is_one_of(harmless, sizeof harmless / sizeof *harmless, name, length);
}

bool standard_is_class(const char *name, size_t length)
{
	return is_one_of(classes, sizeof classes / sizeof *classes, name, length);
}

const char *standard_tag(struct pool *pool, const struct rewrite_request *request)
{
	const char *mode = request->threads == THREADS_FIBER ? "cohook_fiber" : "cohook";
	const struct hook *row;
	uint32_t hash = 2166136261U;
	bool all = true;

	for (size_t i = 0; (row = hooks_at(i)); i++) {
		if (!config_keeps_function(request->config, pool, row) &&
			config_hook(request->config, row->name, strlen(row->name)) == row)
			continue;
		all = false;
		for (const char *c = row->name; *c; c++)
			hash = (hash ^ (unsigned char)*c) * 16777619U;
	}
	return all ? mode : pool_printf(pool, "%s_%08x", mode, (unsigned)hash);
}
