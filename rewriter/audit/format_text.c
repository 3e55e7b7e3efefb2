/* format_text.c - a report for a terminal: a line for each finding, as compilers write
 * theirs, then the totals.
 *
 * On a terminal there are colours, and a headline ahead of each file's findings; a line
 * is the same in both. NO_COLOR is respected. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/format.h"
#include "audit/totals.h"

struct text {
	FILE *out;
	bool terminal;
};

enum colour { BOLD = 1, RED = 31, GREEN = 32, YELLOW = 33, CYAN = 36 };

static void put_coloured(const struct text *text, enum colour colour, const char *what)
{
	if (text->terminal)
		fprintf(text->out, "\033[%dm%s\033[0m", colour, what);
	else
		fputs(what, text->out);
}

static void put_place(const struct text *text, const struct place *place)
{
	fputs(place->file, text->out);
	if (place->line) /* 0: a compiled file */
		fprintf(text->out, ":%u", place->line);
	if (place->column) /* 0: a declaration */
		fprintf(text->out, ":%u", place->column);
	fputs(": ", text->out);
}

static enum colour colour_of(const struct finding *finding)
{
	if (!finding_counts(finding))
		return CYAN;
	if (finding->verdict == FINDING_REWRITTEN)
		return GREEN;
	return rules_at(finding->rule)->level == LEVEL_WARNING ? RED : YELLOW;
}

/* A verdict on one name has its reason in parentheses, anything else says what it is. */
static void put_judgement(const struct text *text, const struct finding *finding)
{
	if (totals_is_site(finding)) {
		put_coloured(text, colour_of(finding), finding_verdict_name(finding));
		if (finding->reason.text)
			fprintf(text->out, " (%s)", finding->reason.text);
		return;
	}
	put_coloured(text, colour_of(finding), rules_at(finding->rule)->name);
	fprintf(text->out, ": %s", finding->message);
}

static void put_finding(const struct text *text, const struct finding *finding)
{
	put_place(text, &finding->spelled);
	if (finding->function || finding->spelled.line)
		fprintf(text->out,
			"%s: ", finding->function ? finding->function : "(file scope)");
	if (finding->callee)
		fprintf(text->out, "%s: ", finding->callee);
	put_judgement(text, finding);
	if (finding->used.file)
		fprintf(text->out, " [macro used at %s:%u:%u]", finding->used.file,
			finding->used.line, finding->used.column);
	if (finding->suppressed)
		fprintf(text->out, " [ignored: %s]", finding->suppressed);
	if (finding->known)
		fputs(" [known]", text->out);
	putc('\n', text->out);
	for (size_t i = 0; i < finding->nrelated; i++) {
		put_place(text, &finding->related[i].at);
		fprintf(text->out, "note: %s\n", finding->related[i].message);
	}
}

static void put_totals(FILE *out, const struct totals *totals)
{
	const char *separator = "";

	fprintf(out, "%zu %s: %zu rewritten, %zu kept, %zu without a mirror\n",
		totals->sites, totals->sites == 1 ? "site" : "sites", totals->rewritten,
		totals->kept, totals->without_mirror);
	for (int id = RULE_DIRECT; id < RULES; id++) {
		if (!totals->rules[id])
			continue;
		fprintf(out, "%s%zu %s",
			*separator ? separator : "also: ", totals->rules[id],
			rules_at((enum rule_id)id)->name);
		separator = ", ";
	}
	if (*separator)
		putc('\n', out);
	if (totals->suppressed || totals->known)
		fprintf(out, "of these: %zu ignored, %zu known\n", totals->suppressed,
			totals->known);
}

void format_text(FILE *out, const struct document *document)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
	struct text text = {
		.out = out,
		.terminal = isatty(fileno(out)) && !(no_colour && *no_colour) && term &&
			    strcmp(term, "dumb") != 0,
	};
	const struct finding_list *list = &document->findings;
	const struct totals totals = totals_of(list);

	for (size_t i = 0; i < list->count; i++) {
		const struct finding *finding = &list->items[i];
		bool begins = !i || strcmp(finding->spelled.file,
					    list->items[i - 1].spelled.file) != 0;
		if (text.terminal && begins) {
			fputs(i ? "\n" : "", out);
			put_coloured(&text, BOLD, finding->spelled.file);
			putc('\n', out);
		}
		put_finding(&text, finding);
	}
	put_totals(out, &totals);
}
