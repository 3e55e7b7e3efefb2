/* runtime_v1.h - how a shared library that was built with cohook finds the runtime of its
 * program.
 *
 * The library carries hidden thunks co_NAME of its own, which lead to libc. When it is
 * loaded into a program that has the runtime and exports cohook_runtime_v1, they lead to
 * the mirrors there instead. Names are matched one by one, so library and program may
 * have been built with different tables. */
#ifndef COHOOK_RUNTIME_V1_H
#define COHOOK_RUNTIME_V1_H

struct cohook_mirror {
	const char *name; /* "read"; NULL after the last */
	void (*mirror)(void);
};

struct cohook_runtime_v1 {
	const struct cohook_mirror *mirrors; /* in no particular order */
};

extern const struct cohook_runtime_v1 cohook_runtime_v1
	__attribute__((weak, visibility("default")));

#endif
