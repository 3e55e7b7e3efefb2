/* runtime_v1.h - how a shared library that was built with cohook finds the runtime of its
 * program.
 *
 * The library carries hidden thunks co_NAME of its own, which lead to libc. When it is
 * loaded into a program that has the runtime, they lead to the mirrors there instead. The
 * program exports cohook_runtime_v1; where a version script makes that local, a note in
 * its segments still says where it is. Names are matched one by one, so library and
 * program may have been built with different tables. */
#ifndef COHOOK_RUNTIME_V1_H
#define COHOOK_RUNTIME_V1_H

struct cohook_mirror {
	const char *name; /* "read"; NULL after the last */
	void (*mirror)(void);
};

struct cohook_runtime_v1 {
	const struct cohook_mirror *mirrors; /* in no particular order */
};

/* The note: this name and this type; the description is a number of 32 bits, the distance
 * from itself to the table. */
#define COHOOK_NOTE_NAME "cohook"
#define COHOOK_NOTE_TYPE 1

extern const struct cohook_runtime_v1 cohook_runtime_v1
	__attribute__((weak, visibility("default")));

/* The table of the program that this library is loaded into, by its note; NULL if there is
 * none. */
__attribute__((visibility("hidden"))) const struct cohook_runtime_v1 *co__note_find(void);

#endif
