/* reason.h - reasons.def as a table: why a call is what it is, for programs and for people. */
#ifndef COHOOK_REASON_H
#define COHOOK_REASON_H

struct pool;

enum reason_id {
#define REASON(id, word, help) REASON_##id,
#include "reasons.def"
	REASONS
};

enum reason_text {
#define TEXT(id, reason, text) TEXT_##id,
#include "reasons.def"
	REASON_TEXTS
};

struct reason {
	const char *word; /* NULL: there is no reason */
	const char *text;
};

/* reason_make - the reason that TEXT belongs to, with the text that the arguments make of
 * it, from POOL. */
struct reason reason_make(struct pool *pool, enum reason_text text, ...);

/* reason_plain - the reason of a TEXT that takes no arguments. */
struct reason reason_plain(enum reason_text text);

/* reason_word, reason_help - what programs call it; what it means and how to mend it. */
const char *reason_word(enum reason_id id);
const char *reason_help(enum reason_id id);

#endif
