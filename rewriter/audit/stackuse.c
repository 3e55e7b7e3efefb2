/* stackuse.c - owns the reading of .su files: "FILE:LINE:COLUMN:FUNCTION\tBYTES\tKIND".
 *
 * A file that is older than the source it is about tells nothing any more. Called for
 * reports, after the build. */
#include "audit/stackuse.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "pool.h"
#include "slurp.h"

/* Cuts the last field that a colon begins off TEXT; NULL if there is none. */
static char *cut_field(char *text)
{
	char *colon = strrchr(text, ':');

	if (colon)
		*colon++ = 0;
	return colon;
}

static void add(struct document *document, const struct audited *unit, char *place,
	unsigned long bytes, const char *kind)
{
	struct pool *pool = document->pool;
	char *function = cut_field(place);
	char *column = function ? cut_field(place) : NULL;
	char *line = column ? cut_field(place) : NULL;

	if (!line)
		return;
	struct finding *finding = finding_add(&document->findings, RULE_STACK);
	finding->spelled = (struct place){
		*place == '/' || !unit->directory
			? place
			: pool_printf(pool, "%s/%s", unit->directory, place),
		(unsigned)strtoul(line, NULL, 10), (unsigned)strtoul(column, NULL, 10)};
	finding->function = function;
	finding->message = pool_printf(pool, "the frame of %s takes %lu bytes of stack%s",
		function, bytes,
		strstr(kind, "bounded") || !strstr(kind, "dynamic") ? "" : " at least");
}

static void take_line(struct document *document, const struct audited *unit, char *line,
	unsigned long limit)
{
	char *place = strsep(&line, "\t");
	char *bytes = strsep(&line, "\t");

	if (!bytes || !line)
		return;
	unsigned long size = strtoul(bytes, NULL, 10);
	if (size >= limit || !strcmp(line, "dynamic"))
		add(document, unit, place, size, line);
}

static bool is_recent(const struct audited *unit)
{
	struct stat usage, source;

	return stat(unit->stack_usage, &usage) == 0 &&
	       (stat(unit->file, &source) < 0 || usage.st_mtime >= source.st_mtime);
}

void stackuse_add(struct document *document, unsigned long limit)
{
	for (size_t i = 0; i < document->nunits; i++) {
		const struct audited *unit = &document->units[i];
		char *text, *line;
		size_t length;
		if (!unit->stack_usage || unit->trouble || !is_recent(unit) ||
			slurp_path(unit->stack_usage, &text, &length))
			continue;
		char *rest = pool_copy(document->pool, text, length);
		free(text);
		while ((line = strsep(&rest, "\n")))
			take_line(document, unit, line, limit);
	}
}
