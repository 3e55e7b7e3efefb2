/* fortify.c - the mirrors that _FORTIFY_SOURCE asks for: they end the program when the
 * call could write past an object of known size, as glibc's __NAME_chk do, or makes a
 * file and gives no mode. From the FORTIFY and MODELESS rows of hooks.def; the rewriter
 * calls them by name. Also compiled for shared libraries, where co_NAME is a thunk. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#ifdef __GLIBC__
extern _Noreturn void __chk_fail(void);
#else
#define __chk_fail abort
#define __SOCKADDR_ARG struct sockaddr *restrict
#define __sigset_t sigset_t
#endif

/* Whether LINE, which was read to SIZE bytes, ends before them. */
static bool is_complete(const char *line, size_t size)
{
	size_t n = strlen(line);

	return n + 1 < size || (n > 0 && line[n - 1] == '\n');
}

/* libc lets a call ask for too much as long as it does not get it. */
static char *get_line(
	char *(*get)(char *, int, FILE *), char *buf, int n, FILE *fp, size_t size)
{
	char *line;

	if (n <= 1 || size == 0) /* no bytes, no line: here libc has no empty one */
		return NULL;
	if ((size_t)n <= size)
		return get(buf, n, fp);
	line = get(buf, (int)size, fp);
	if (line && !is_complete(line, size) && co_getc(fp) != EOF)
		__chk_fail();
	return line;
}

/* libc's own ends the program with a word about it. */
#ifdef __GLIBC__
#define MODELESS(name, chk, params, args) extern int chk params;
#include <cohook/hooks.def>
#define END_WITHOUT_MODE(chk, args) chk args
#else
#define END_WITHOUT_MODE(chk, args) (abort(), -1)
#endif

/* posix.h has no other spellings. */
extern __typeof__(open) co_open64;
extern __typeof__(openat) co_openat64;

static bool needs_mode(int flags)
{
	return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
}

#define MODELESS(name, chk, params, args) \
	int co_##chk params; \
	int co_##chk params \
	{ \
		if (needs_mode(__flags)) \
			return END_WITHOUT_MODE(chk, args); \
		return co_##name args; \
	}
#define LIST(...) __VA_ARGS__
#define FORTIFY(name, chk, ret, params, args, object, bytes) \
	ret co_##chk(LIST params, size_t __object_size); \
	ret co_##chk(LIST params, size_t __object_size) \
	{ \
		if (bytes > __object_size) \
			__chk_fail(); \
		return co_##name args; \
	}
#define FORTIFY_LINE(name, chk, ret, params, args, object, bytes) \
	ret co_##chk(LIST params, size_t __object_size); \
	ret co_##chk(LIST params, size_t __object_size) \
	{ \
		return get_line(co_##name, __buf, __n, __stream, __object_size); \
	}
#include <cohook/hooks.def>
