/* surveycomments.c - finds the comments that speak to the audit.
 *
 * A comment begins on the line of what it says; a string with the same words is none,
 * unless what begins a comment stands ahead of them. Called by survey. */
#include "surveycomments.h"

#include <string.h>

#include "pool.h"
#include "survey.h"
#include "unit.h"

static const char sign[] = "cohook-audit:";

struct finder {
	struct survey *survey;
	const struct unit *unit;
	struct pool *pool;
};

static void add_comment(
	struct finder *finder, size_t file, const char *begin, const char *at)
{
	struct survey *survey = finder->survey;
	const struct unit_file *texts = &finder->unit->files[file];
	const char *end = texts->text + texts->length, *start = at;
	unsigned line = 1;

	for (const char *c = begin; c < at; c++)
		line += *c == '\n';
	while (start > begin && start[-1] != '\n')
		start--;
	const char *first = start + strspn(start, " \t");
	const char *rest = at + sizeof sign - 1;
	const char *stop = memchr(rest, '\n', (size_t)(end - rest));
	survey->comments = pool_grow(finder->pool, survey->comments, survey->ncomments,
		sizeof *survey->comments);
	survey->comments[survey->ncomments++] = (struct survey_comment){
		.file = file,
		.line = line,
		.alone = !strncmp(first, "/*", 2) || !strncmp(first, "//", 2),
		.text = pool_copy(
			finder->pool, rest, (size_t)((stop ? stop : end) - rest)),
	};
}

static bool is_in_comment(const char *begin, const char *at)
{
	while (at > begin && at[-1] != '\n') {
		at--;
		if (!strncmp(at, "/*", 2) || !strncmp(at, "//", 2))
			return true;
	}
	return false;
}

void surveycomments_find(
	struct survey *survey, const struct unit *unit, struct pool *pool)
{
	struct finder finder = {survey, unit, pool};

	for (size_t i = 0; i < unit->nfiles; i++) {
		const struct unit_file *file = &unit->files[i];
		if (!file->text || file->system)
			continue;
		const char *at = file->text, *end = at + file->length;
		while ((at = memmem(at, (size_t)(end - at), sign, sizeof sign - 1))) {
			if (is_in_comment(file->text, at))
				add_comment(&finder, i, file->text, at);
			at += sizeof sign - 1;
		}
	}
}
