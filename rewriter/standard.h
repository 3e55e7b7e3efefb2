/* standard.h - which headers of the C++ library may be changed in a unit, and how. */
#ifndef COHOOK_STANDARD_H
#define COHOOK_STANDARD_H

#include <stdbool.h>
#include <stddef.h>

struct pool;
struct rewrite_request;

enum standard_part {
	STANDARD_NONE, /* never touched */
	STANDARD_GLUE, /* static functions that lead to libc's */
	STANDARD_WHOLE,
	STANDARD_WAITS, /* functions named wait.. and notify.. */
};

struct standard_own {
	const char *symbol;
	const char *needs; /* a row of hooks.def */
	const char *text;  /* from the parameters on */
};

/* standard_part - what of the header PATH, one of the system's, may be changed. */
enum standard_part standard_part(const char *path);

/* standard_own - what SYMBOL, which the library's binary has, becomes; or NULL. */
const struct standard_own *standard_own(const char *symbol);

/* standard_is_harmless - whether NAME, LENGTH bytes as in an #include, is a header of
 * libc's or the C++ library's that has nothing of the above which a program under ARGS
 * would use. */
bool standard_is_harmless(const char *name, size_t length, const char *const *args);

/* standard_is_class - whether NAME is one that the above headers declare and that others
 * may bring along. */
bool standard_is_class(const char *name, size_t length);

/* standard_tag - the word that sets a unit's own functions apart from the library's; the
 * same for units whose copies of them are the same. */
const char *standard_tag(struct pool *pool, const struct rewrite_request *request);

#endif
