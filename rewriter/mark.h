/* mark.h - a place in a unit, with the macro that it is written in. */
#ifndef COHOOK_MARK_H
#define COHOOK_MARK_H

#include <stdbool.h>
#include <stddef.h>

/* FILE is an index into the unit's files, NO_FILE if the text is in none. */
struct mark {
	size_t file, use_file; /* where it is written; where the outermost macro is
				  expanded, or the same again */
	size_t offset, use_offset;
	unsigned line, column, use_line, use_column;
	bool in_macro; /* the two differ */
};

#endif
