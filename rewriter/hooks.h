/* hooks.h - include/cohook/hooks.def as a table that can be searched. */
#ifndef COHOOK_HOOKS_H
#define COHOOK_HOOKS_H

#include <stddef.h>

enum hook_kind {
	HOOK_MIRROR, /* a function with a mirror */
	HOOK_ALIAS,  /* another spelling of one */
	HOOK_WATCH,  /* only reported */
	HOOK_MAPPED, /* a function of the user's, by a .cohook file */
};

struct why {
	const char *subject; /* what such functions are about */
	const char *reason;
};

struct hook {
	const char *name;
	const char *target; /* the function that has the mirror; NAME itself but for an
			       alias; of HOOK_MAPPED the replacement itself */
	const char *waits;  /* the row's class, "FD_IN"; an alias has its target's */
	const char *header; /* NULL for what has no mirror of its own; of HOOK_MAPPED the
			       operand of an #include, or NULL */
	const struct why *why; /* a watched function has no mirror; NULL for the others. Rows with
				  the same reason have the same pointer and are neighbours */
	enum hook_kind kind;
};

/* The form of a function under _FORTIFY_SOURCE; every field is C text as hooks.def has
 * it. */
struct fortify {
	const char *name, *chk, *ret, *params, *args, *object, *bytes;
};

/* The same for the printf family. */
struct format {
	const char *name, *chk, *takes, *params, *args;
};

/* A call of open or its kin without a mode. */
struct modeless {
	const char *name, *chk, *params, *args;
};

/* hooks_find - the row that names the LENGTH bytes at NAME, or NULL. */
const struct hook *hooks_find(const char *name, size_t length);

/* hooks_at - row INDEX in the order of hooks.def (aliases and watched functions last);
 * NULL behind the end. */
const struct hook *hooks_at(size_t index);

/* hooks_version - a word that changes with the table. */
const char *hooks_version(void);

/* hooks_fortify - how NAME is checked under _FORTIFY_SOURCE, NULL if it is not. */
const struct fortify *hooks_fortify(const char *name);

/* hooks_format - likewise. */
const struct format *hooks_format(const char *name);
const struct modeless *hooks_modeless(const char *name);

#endif
