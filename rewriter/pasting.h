/* pasting.h - can the ## operators of a unit's macros make up a certain name? */
#ifndef COHOOK_PASTING_H
#define COHOOK_PASTING_H

#include <stdbool.h>
#include <stddef.h>

struct pool;
struct words;
struct pasting_join;
struct pasting_target;

/* Zero-initialised but for the pool, it knows of no macro and looks for no name. */
struct pasting {
	struct pool *pool;
	struct pasting_join *joins; /* of two words, as macros have them */
	size_t njoins;
	bool chains; /* more than two words are joined somewhere */
	struct pasting_target *targets;
	size_t ntargets;
};

/* pasting_read - look at a macro: its parameters in parentheses, if it has any, and its
 * body. Whether it joins anything. */
bool pasting_read(struct pasting *pasting, const char *body, size_t length);

/* pasting_look_for - look for NAME, of LENGTH bytes, too. After all macros were read. */
void pasting_look_for(struct pasting *pasting, const char *name, size_t length);

/* pasting_can_happen - whether any of the names can be put together from WORDS. */
bool pasting_can_happen(const struct pasting *pasting, const struct words *words);

#endif
