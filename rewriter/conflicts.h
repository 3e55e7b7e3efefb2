/* conflicts.h - texts that an edit would change and that are used for something else as
 * well. */
#ifndef COHOOK_CONFLICTS_H
#define COHOOK_CONFLICTS_H

#include <stdbool.h>
#include <stddef.h>

struct edited;
struct findings;
struct unit;

/* Private: the texts in question and the names written there. */
struct conflicts {
	const struct unit *unit;
	struct findings *findings;
	struct edited *edited; /* sorted by place */
	size_t nedited;
	const char **names;
	size_t nnames;
};

/* conflicts_open - begin to look for other uses of the texts of FINDINGS' references.
 * False if there can be none. The following functions add obstacles to the references
 * concerned. */
bool conflicts_open(
	struct conflicts *conflicts, const struct unit *unit, struct findings *findings);

/* conflicts_place - the text at that place means something other than a function of the
 * table. */
void conflicts_place(struct conflicts *conflicts, size_t file, size_t offset);

/* conflicts_pasted - NAME was put together by ##. */
void conflicts_pasted(struct conflicts *conflicts, const char *name);

/* conflicts_string - TEXT is a string that comes from a macro; its first token stands at
 * OFFSET of FILE, which is NO_FILE if the token is not in any file; the macro is used in
 * USE_FILE. */
void conflicts_string(struct conflicts *conflicts, const char *text, size_t file,
	size_t offset, size_t use_file);

/* conflicts_close - nothing more was found. */
void conflicts_close(struct conflicts *conflicts);

#endif
