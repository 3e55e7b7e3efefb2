/* filter.h - what prefilter.c and its parts share of one look at a unit. */
#ifndef COHOOK_FILTER_H
#define COHOOK_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "headerpath.h"
#include "lex.h"
#include "macros.h"
#include "pasting.h"
#include "words.h"

struct rewrite_request;
struct shape_window;
struct systemnames;

struct source_text {
	const char *folder; /* for headers in quotes */
	char *text;
	size_t length;
	bool ours;   /* TEXT is from malloc() */
	bool header; /* and may be changed */
	dev_t device;
	ino_t inode;
};

struct filter {
	const struct rewrite_request *request;
	struct pool *pool;
	struct headerpath path;
	struct source_text *sources;
	size_t nsources;
	struct macros macros;
	struct pasting pasting;
	struct words words;
	struct words paths; /* where a header was looked for; those "in code" are there */
	bool aliases; /* a string may name a function, so that it is used without a word
			 */
	bool hit;
	bool doubt;  /* there is something that is not understood */
	bool anyhow; /* the hit is compiled under all circumstances */
	bool to_end; /* read on behind a hit: what counts is all that is defined */
	bool next;   /* what is read is an #include_next */
	struct systemnames *system; /* to be told of headers, or NULL */
	const struct filter *known; /* one that has read all of the unit, or NULL */
};

/* filter_wants - whether a name is a row that could be rewritten or, if asked for,
 * listed. */
bool filter_wants(const struct filter *filter, const char *name, size_t length);

/* filter_wants_storage - whether variables with that word concern us. */
bool filter_wants_storage(const struct filter *filter, const char *name, size_t length);

/* filter_add_macro - take in the macro NAME, whose parameters and body go up to END. */
void filter_add_macro(
	struct filter *filter, const char *text, struct token name, size_t end);

/* filter_look_at - take in a token of code, which LEXER has just given. Whether it is a hit
 * whatever macros there are. */
bool filter_look_at(struct filter *filter, const struct lexer *lexer, struct token token,
	const struct shape_window *window);

/* filter_read - read the whole unit, or as far as need be. */
void filter_read(struct filter *filter);

/* filter_find_header - read NAME from every folder where an #include, of a file in FOLDER
 * if it is QUOTED, could find it. What the system alone has may be, or bring, a header of
 * the C++ library that waits. */
void filter_find_header(
	struct filter *filter, const char *name, bool quoted, const char *folder);

#endif
