/* platform.h - which names of macros compilers for Linux have of their own. */
#ifndef COHOOK_PLATFORM_H
#define COHOOK_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>

/* platform_is_known - whether ARGS, flags that end in NULL, name a target of which this
 * can be said. */
bool platform_is_known(const char *const *args);

/* platform_may_define - whether a compiler of C for such a target may define NAME by
 * itself. */
bool platform_may_define(const char *name, size_t length);

#endif
