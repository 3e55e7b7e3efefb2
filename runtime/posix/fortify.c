/* fortify.c - the mirrors that _FORTIFY_SOURCE asks for: they end the program when the
 * call could write past an object of known size, as glibc's __NAME_chk do. From the
 * FORTIFY rows of hooks.def; the rewriter calls them by name. Also compiled for shared
 * libraries, where co_NAME is a thunk. */
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
