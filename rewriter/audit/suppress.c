/* suppress.c - owns the reading of what suppresses findings.
 *
 * A reason must be given and is shown with what it suppresses. RULE may be several with
 * commas, or all. Called by judge for comments and by the report for files. */
#include "audit/suppress.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "audit/view.h"
#include "pool.h"
#include "slurp.h"

struct comment {
	struct rule_set rules;
	bool whole_file;
	const char *reason;
};

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " \t");
}

/* TEXT without blanks at its end. */
static const char *trimmed(struct pool *pool, const char *text, size_t length)
{
	while (length && isspace((unsigned char)text[length - 1]))
		length--;
	return pool_copy(pool, text, length);
}

static bool read_rules(
	struct pool *pool, struct rule_set *rules, const char *text, size_t length)
{
	*rules = (struct rule_set){0};
	return length && !rules_choose(rules, trimmed(pool, text, length));
}

/* TEXT is what follows "cohook-audit:". Whether it is understood. */
static bool read_comment(struct pool *pool, const char *text, struct comment *comment)
{
	static const char ignore[] = "ignore", file[] = "-file";

	text = skip_blanks(text);
	if (strncmp(text, ignore, sizeof ignore - 1) != 0)
		return false;
	text += sizeof ignore - 1;
	comment->whole_file = !strncmp(text, file, sizeof file - 1);
	text += comment->whole_file ? sizeof file - 1 : 0;
	text = skip_blanks(text);
	size_t length = strcspn(text, ":");
	if (!text[length] || !read_rules(pool, &comment->rules, text, length))
		return false;
	text = skip_blanks(text + length + 1);
	const char *end = strstr(text, "*/");
	comment->reason = trimmed(pool, text, end ? (size_t)(end - text) : strlen(text));
	return *comment->reason;
}

/* Whether the comment, at LINE of its file, is about what is at PLACE. */
static bool is_about(const struct comment *comment, const struct survey_comment *at,
	const char *file, const struct place *place)
{
	if (!place->file || strcmp(place->file, file) != 0)
		return false;
	return comment->whole_file || place->line == at->line ||
	       (at->alone && place->line == at->line + 1);
}

void suppress_by_comments(struct view *view, const char **trouble)
{
	const struct survey *survey = view->survey;

	*trouble = NULL;
	for (size_t i = 0; i < survey->ncomments; i++) {
		const struct survey_comment *at = &survey->comments[i];
		const char *file = view->places[at->file];
		struct comment comment;
		if (!read_comment(view->pool, at->text, &comment)) {
			*trouble = pool_printf(view->pool,
				"%s:%u: the comment must be \"cohook-audit: ignore RULE: "
				"REASON\"",
				file, at->line);
			continue;
		}
		for (size_t k = 0; k < view->findings->count; k++) {
			struct finding *finding = &view->findings->items[k];
			if (comment.rules.has[finding->rule] &&
				(is_about(&comment, at, file, &finding->spelled) ||
					is_about(&comment, at, file, &finding->used)))
				finding->suppressed = comment.reason;
		}
	}
}

static bool matches(
	const char *pattern, const char *function, const struct finding *finding)
{
	const struct place *place =
		finding->used.file ? &finding->used : &finding->spelled;

	if (*function && (!finding->function || strcmp(finding->function, function) != 0))
		return false;
	return place->file && !fnmatch(pattern, place->file, 0);
}

/* Whether LINE is understood. */
static bool take_line(struct finding_list *list, char *line)
{
	char *words[2];
	struct rule_set rules;

	for (size_t i = 0; i < 2; i++) {
		words[i] = line + strspn(line, " \t");
		line = words[i] + strcspn(words[i], " \t");
		if (*line)
			*line++ = 0;
	}
	if (!*words[0] || *words[0] == '#')
		return true;
	const char *reason =
		trimmed(list->pool, skip_blanks(line), strlen(skip_blanks(line)));
	if (!*words[1] || !*reason ||
		!read_rules(list->pool, &rules, words[0], strlen(words[0])))
		return false;
	char *function = strchr(words[1], ':');
	if (function)
		*function++ = 0;
	for (size_t i = 0; i < list->count; i++) {
		struct finding *finding = &list->items[i];
		if (!rules.has[finding->rule] ||
			!matches(words[1], function ? function : "", finding))
			continue;
		finding->suppressed = reason;
		finding->by_file = true;
	}
	return true;
}

const char *suppress_by_file(struct finding_list *list, const char *path)
{
	char *text, *line;
	size_t length;
	unsigned number = 0;

	int err = slurp_path(path, &text, &length);
	if (err)
		return pool_printf(list->pool, "%s: %s", path, strerror(-err));
	char *rest = pool_copy(list->pool, text, length);
	free(text);
	while ((line = strsep(&rest, "\n"))) {
		number++;
		if (!take_line(list, line))
			return pool_printf(list->pool,
				"%s:%u: a line is RULE PATTERN[:FUNCTION] REASON", path,
				number);
	}
	return NULL;
}
