/* foreign.c - owns the lists of functions of other libraries that are known to block.
 *
 * A line is "FUNCTION WAITS LIBRARY ADVICE...", where # begins a comment and WAITS is "-"
 * for a function that is to be taken out again. Called by judge and by binary. */
#include "audit/foreign.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "layout.h"
#include "pool.h"
#include "slurp.h"

static int compare_names(const void *a, const void *b)
{
	const struct foreign_row *x = a, *y = b;

	return strcmp(x->name, y->name);
}

/* Cuts the next word off *TEXT; "" at the end. */
static const char *next_word(char **text)
{
	static const char blanks[] = " \t\r";
	char *word = *text + strspn(*text, blanks);

	*text = word + strcspn(word, blanks);
	if (**text)
		*(*text)++ = 0;
	return word;
}

static struct foreign_row *row_for(
	struct foreign *foreign, struct pool *pool, const char *name)
{
	for (size_t i = 0; i < foreign->count; i++)
		if (!strcmp(foreign->rows[i].name, name))
			return &foreign->rows[i];
	foreign->rows =
		pool_grow(pool, foreign->rows, foreign->count, sizeof *foreign->rows);
	return &foreign->rows[foreign->count++];
}

/* Whether LINE is as it should be. */
static bool take_line(struct foreign *foreign, struct pool *pool, char *line)
{
	line[strcspn(line, "#")] = 0;
	struct foreign_row row = {.name = next_word(&line)};
	if (!*row.name)
		return true;
	row.waits = next_word(&line);
	row.library = next_word(&line);
	row.advice = line + strspn(line, " \t");
	if (!*row.waits || (!*row.library && strcmp(row.waits, "-") != 0))
		return false;
	*row_for(foreign, pool, row.name) = row;
	return true;
}

static const char *take_list(struct foreign *foreign, struct pool *pool, const char *path)
{
	char *text;
	size_t length;
	unsigned number = 0;

	int err = slurp_path(path, &text, &length);
	if (err)
		return pool_printf(pool, "%s: %s", path, strerror(-err));
	char *rest = pool_copy(pool, text, length), *line;
	free(text);
	while ((line = strsep(&rest, "\n"))) {
		number++;
		if (!take_line(foreign, pool, line))
			return pool_printf(pool,
				"%s:%u: a line is FUNCTION WAITS LIBRARY ADVICE...", path,
				number);
	}
	return NULL;
}

static void drop_removed(struct foreign *foreign)
{
	size_t kept = 0;

	for (size_t i = 0; i < foreign->count; i++)
		if (strcmp(foreign->rows[i].waits, "-") != 0)
			foreign->rows[kept++] = foreign->rows[i];
	foreign->count = kept;
}

const char *foreign_read(struct foreign *foreign, struct pool *pool)
{
	const char *own = layout_shared("blocking.list");
	const char *more = getenv("COHOOK_FOREIGN");
	char *lists = pool_string(pool, more ? more : ""), *list;
	const char *trouble = NULL;

	*foreign = (struct foreign){0};
	if (own)
		trouble = take_list(foreign, pool, own);
	while (!trouble && (list = strsep(&lists, ":")))
		if (*list)
			trouble = take_list(foreign, pool, list);
	drop_removed(foreign);
	if (foreign->count)
		qsort(foreign->rows, foreign->count, sizeof *foreign->rows,
			compare_names);
	return trouble;
}

const struct foreign_row *foreign_find(const struct foreign *foreign, const char *name)
{
	struct foreign_row wanted = {.name = name};

	return foreign->count ? bsearch(&wanted, foreign->rows, foreign->count,
					sizeof *foreign->rows, compare_names)
			      : NULL;
}
