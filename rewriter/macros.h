/* macros.h - the macros of a unit's user files, as text. */
#ifndef COHOOK_MACROS_H
#define COHOOK_MACROS_H

#include <stdbool.h>
#include <stddef.h>

#include "lex.h"

struct pool;

struct macro {
	const char *name;
	const char *body;  /* parameters included */
	const char *place; /* where the function that it stands for is defined: its name
			      there; NULL for true macros */
	unsigned name_length, length;
	unsigned next; /* private: the older macro with the same hash, plus one */
	bool function; /* it takes arguments */
	bool simple;  /* it expands to a name, perhaps with arguments, and nothing else */
	bool tainted; /* its expansion may have a wanted name */
	bool storage; /* it says that variables are thread-local, with fibers */
	bool pastes;  /* its expansion joins words */
};

enum { MACRO_SLOTS = 4096 };

/* Zero-initialised but for the pool it is empty. A name may have several macros. */
struct macros {
	struct pool *pool;
	struct macro *list;
	unsigned count;
	bool cxx;                    /* the text that uses them is C++ */
	unsigned slots[MACRO_SLOTS]; /* private: the newest macro with that hash, plus one
				    */
};

enum macro_property {
	MACRO_TAINTED,
	MACRO_PASTES,
};

/* macros_add - a macro called NAME, a token of TEXT; what stands from there to END is the
 * rest of its definition. Its properties are unset. Valid until the next one is added. */
struct macro *macros_add(
	struct macros *macros, const char *text, struct token name, size_t end);

/* macros_defined_at - the one just added stands for a function whose definition names it
 * at PLACE. */
void macros_defined_at(struct macros *macros, const char *place);

/* macros_first, macros_next - the macros called NAME, a token of TEXT, the newest first;
 * NULL at the end. */
struct macro *macros_first(
	const struct macros *macros, const char *text, struct token name);
struct macro *macros_next(const struct macros *macros, const struct macro *macro);

/* macros_is_empty - whether nothing is left of it and of its arguments. */
bool macros_is_empty(const struct macro *macro);

/* macros_have - whether MACRO has PROPERTY. */
bool macros_have(const struct macro *macro, enum macro_property property);

/* macros_spread - a macro whose body names one that has PROPERTY has it too. Whether
 * there is any. */
bool macros_spread(struct macros *macros, enum macro_property property);

/* macros_used - whether TEXT uses, outside of directives, one that has PROPERTY.
 * Declaring a function of its name is no use, nor is defining the one it stands for. */
bool macros_used(const struct macros *macros, enum macro_property property,
	const char *text, size_t length);

#endif
