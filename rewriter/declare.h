/* declare.h - the text that declares a mirror in a unit. */
#ifndef COHOOK_DECLARE_H
#define COHOOK_DECLARE_H

#include <stdbool.h>

struct pool;
struct target;

/* declare_mirror - declare co_NAME with the type and the attributes of NAME. */
const char *declare_mirror(struct pool *pool, const struct target *target);

/* declare_checked_mirror - the same for a unit under _FORTIFY_SOURCE: calls check the
 * size of their buffer as libc's do. Only if TARGET has an `object_size` and a FORTIFY
 * row; must occur once in a unit. */
const char *declare_checked_mirror(struct pool *pool, const struct target *target);

/* declare_checked_format - the same for a FORMAT row; gcc alone can pass arguments on. */
const char *declare_checked_format(struct pool *pool, const struct target *target);

/* declare_checked_open - the same for a MODELESS row. */
const char *declare_checked_open(struct pool *pool, const struct target *target);

/* declare_relabelled - make NAME itself, as text that cannot be changed uses it, the
 * mirror. */
const char *declare_relabelled(struct pool *pool, const struct target *target);

/* declare_mapped - declare the replacement that a .cohook file gives for TARGET. */
const char *declare_mapped(struct pool *pool, const struct target *target);

/* declare_alias - inside a function, make NAME a local that is the mirror. */
const char *declare_alias(struct pool *pool, const struct target *target);

/* declare_quietly - DECLARATION for a place that a compiler may meet more than once. */
const char *declare_quietly(struct pool *pool, const char *declaration);

#endif
