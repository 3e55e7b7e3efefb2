/* unit.h - one parsed source with the files that it is made of. */
#ifndef COHOOK_UNIT_H
#define COHOOK_UNIT_H

#include <stdbool.h>
#include <stddef.h>

#include "inputkind.h"
#include "origin.h"
#include "standard.h"

struct pool;
struct parse;
struct rewrite_request;

#define NO_FILE ((size_t)-1)

struct skipped {
	size_t begin, end;
};

struct unit_file {
	const char *name; /* as libclang names it */
	const char *text; /* of files that may be changed, else NULL; valid until
			     unit_close() */
	size_t length;
	bool system;             /* never touched, but for its part */
	enum standard_part part; /* of a header of the C++ library's */
	const char *kept; /* why nothing in it is rewritten, by a .cohook file; or NULL */
	bool precompiled; /* a compiler may read it from a precompiled header instead */
	unsigned inclusions;
	size_t includer; /* that includes it first; NO_FILE for the source and what flags
			    include */
	size_t include_offset; /* of the #include in there */
	struct skipped
		*skipped; /* groups that an #if left out; known only if `has_pragma` */
	size_t nskipped;
	bool has_pragma; /* the word cohook occurs in it */
};

struct unit {
	struct pool *pool;
	struct unit_file *files; /* the first is the source */
	size_t nfiles;
	bool preprocessed; /* the source has been preprocessed by someone else */
	bool cxx;          /* it is C++ */
	struct origin origin;
	struct parse *parse; /* for unit.c and finder.c */
};

/* unit_kind - the language of what REQUEST asks for. */
enum input_kind unit_kind(const struct rewrite_request *request);

/* unit_prepare - load libclang now, before a process forks that would load it each time.
 * NULL, or why it cannot be used, from POOL. */
const char *unit_prepare(struct pool *pool);

/* unit_resources - the folder of the builtin headers of the libclang that is loaded. */
const char *unit_resources(void);

/* unit_open - parse what REQUEST asks for into UNIT, whose strings come from POOL.
 *
 * 0, or -errno and *TROUBLE, from POOL: why not. Only after 0 is UNIT to be given to
 * unit_close(). */
int unit_open(struct unit *unit, const struct rewrite_request *request, struct pool *pool,
	const char **trouble);
void unit_close(struct unit *unit);

#endif
