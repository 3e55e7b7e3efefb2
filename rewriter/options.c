/* options.c - owns the lookup in options.def.
 *
 * The rows are sorted by spelling, so every candidate for a word is found by bisection:
 * first the word as a whole, then ever shorter prefixes of it, which finds the longest
 * row that fits. Called by cmdline for every word of the command line;
 * tests/unit/rewriter/options.c keeps the table in order. */
#include "options.h"

#include <string.h>

const struct option_row option_rows[] = {
#define OPTION(spelling, arity, effects, action) {spelling, arity, effects, action},
#include "options.def"
#undef OPTION
};

const size_t option_row_count = sizeof option_rows / sizeof *option_rows;

/* Compares the first LENGTH bytes of WORD with a whole spelling. */
static int compare(const char *word, size_t length, const char *spelling)
{
	int order = strncmp(word, spelling, length);

	return order ? order : spelling[length] ? -1 : 0;
}

static const struct option_row *row_of(const char *word, size_t length)
{
	size_t low = 0, high = option_row_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(word, length, option_rows[middle].spelling);
		if (order == 0)
			return &option_rows[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static int allows_rest(enum option_arity arity)
{
	return arity == JOINED || arity == EITHER || arity == ATTACHED_AND_NEXT;
}

static size_t longest_spelling(void)
{
	static size_t longest;

	if (longest)
		return longest;
	for (size_t i = 0; i < option_row_count; i++)
		if (strlen(option_rows[i].spelling) > longest)
			longest = strlen(option_rows[i].spelling);
	return longest;
}

const struct option_row *option_find(const char *word)
{
	size_t whole = strlen(word), length = whole;

	if (*word != '-' || !word[1])
		return NULL;
	if (length > longest_spelling())
		length = longest_spelling();
	for (; length > 1; length--) {
		const struct option_row *row = row_of(word, length);
		if (row && (length == whole || allows_rest(row->arity)))
			return row;
	}
	return NULL;
}

int option_takes_next(const struct option_row *row, const char *word)
{
	switch (row->arity) {
	case SEPARATE:
	case ATTACHED_AND_NEXT:
		return 1;
	case EITHER:
		return strcmp(word, row->spelling) == 0;
	case ALONE:
	case JOINED:
		break;
	}
	return 0;
}
