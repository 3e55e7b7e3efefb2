/* targets.h - the functions of hooks.def that a unit declares, by their declarations.
 *
 * Include <clang-c/Index.h> first: part of the finder. */
#ifndef COHOOK_TARGETS_H
#define COHOOK_TARGETS_H

#include <stdbool.h>
#include <stddef.h>

struct findings;
struct libclang;
struct rewrite_request;
struct unit;

#define NO_TARGET ((size_t)-1)

struct targets {
	struct unit *unit;
	const struct libclang *clang;
	struct findings *findings;             /* whose targets these are */
	const struct rewrite_request *request; /* says which functions count */
	struct declaration *declarations; /* functions that are declared at file scope */
	size_t ndeclarations;
	struct overload *overloads; /* of C++, of names of the table */
	size_t noverloads;
	struct cached *cache;
};

/* targets_open - FINDINGS has no targets yet; REQUEST says which functions count. */
void targets_open(struct targets *targets, struct unit *unit, struct findings *findings,
	const struct rewrite_request *request);

/* targets_remember - FUNCTION is declared at file scope, as number ORDINAL. */
void targets_remember(struct targets *targets, CXCursor function, size_t ordinal);

/* targets_note_overload - CURSOR, a declaration at file scope, the TOPth of the user's,
 * may be one that gives a name of libc's another meaning as well. */
void targets_note_overload(struct targets *targets, CXCursor cursor, size_t top);

/* targets_resolve - the target that a referenced declaration belongs to, as an index, or
 * NO_TARGET. */
size_t targets_resolve(struct targets *targets, CXCursor referenced);

/* targets_resolve_overloads - the first target among the functions that a name in a
 * template may turn out to mean. */
size_t targets_resolve_overloads(struct targets *targets, CXCursor overloads);

/* targets_spelling - what CURSOR is called. */
const char *targets_spelling(struct targets *targets, CXCursor cursor);

/* targets_close - the whole unit was walked. */
void targets_close(struct targets *targets);

#endif
