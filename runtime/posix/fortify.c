/* fortify.c - the mirrors that _FORTIFY_SOURCE asks for: they end the program when the
 * call could write past an object of known size, as glibc's __NAME_chk do. From the
 * FORTIFY rows of hooks.def; the rewriter calls them by name. Also compiled for shared
 * libraries, where co_NAME is a thunk. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include <stdlib.h>

#ifdef __GLIBC__
extern _Noreturn void __chk_fail(void);
#else
#define __chk_fail abort
#define __SOCKADDR_ARG struct sockaddr *restrict
#define __sigset_t sigset_t
#endif

#define LIST(...) __VA_ARGS__
#define FORTIFY(name, chk, ret, params, args, object, bytes) \
	ret co_##chk(LIST params, size_t __object_size); \
	ret co_##chk(LIST params, size_t __object_size) \
	{ \
		if (bytes > __object_size) \
			__chk_fail(); \
		return co_##name args; \
	}
#include <cohook/hooks.def>
