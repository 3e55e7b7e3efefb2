/* edit.h - turns texts and a plan into new texts. Pure. */
#ifndef COHOOK_EDIT_H
#define COHOOK_EDIT_H

#include <stdbool.h>
#include <stddef.h>

struct findings;
struct plan;
struct pool;
struct rewritten_file;
struct unit;

/* One change to a text. */
struct edit {
	size_t file; /* index among the unit's files */
	size_t offset;
	size_t remove; /* so many bytes go */
	const char *insert;
};

struct edit_list {
	struct pool *pool;
	struct edit *edits; /* sorted by file and offset; those of one offset in the order
			       in which they come */
	size_t count;
};

struct edit_style {
	bool checked;  /* emit the checking forms of FORTIFY where libc has them in force
			*/
	bool gcc;      /* is to compile it: only gcc has __builtin_va_arg_pack() */
	bool pedantic; /* mute warnings about transparent unions */
};

/* edit_list_make - the changes that PLAN asks for, the blanking out of our pragmas
 * included. LIST is zeroed but for its pool. */
void edit_list_make(struct edit_list *list, const struct unit *unit,
	const struct findings *findings, const struct plan *plan,
	struct edit_style style);

/* edit_list_insert - one more change to a list that was made: TEXT goes in at OFFSET,
 * behind what else does. */
void edit_list_insert(
	struct edit_list *list, size_t file, size_t offset, const char *text);

/* edit_list_declare - put TEXT, declarations, where it moves nothing in the source; false
 * if there is no such place. */
bool edit_list_declare(struct edit_list *list, const struct unit *unit,
	const struct findings *findings, const char *text);

/* edit_apply - TEXT with COUNT edits, all of one file and sorted, made; *RESULT, from
 * POOL, has a NUL behind it. Its length. */
size_t edit_apply(struct pool *pool, const char *text, size_t length,
	const struct edit *edits, size_t count, char **result);

/* edit_files - every file that LIST changes, with its new text. Their number; *FILES is
 * from the pool. */
size_t edit_files(const struct edit_list *list, const struct unit *unit,
	struct rewritten_file **files);

#endif
