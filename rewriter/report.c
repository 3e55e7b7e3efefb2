/* report.c - prints what is done with every site.
 *
 * Called by --cohook-explain; audit/format_text.c has the same line. */
#include "report.h"

#include "rewrite.h"

void report_site(FILE *out, const struct site *site)
{
	fprintf(out, "%s:%u:%u: %s: %s: %s", site->file, site->line, site->column,
		site->function ? site->function : "(file scope)", site->callee,
		site->verdict == VERDICT_REWRITTEN ? "rewritten" : "kept");
	if (site->reason.text)
		fprintf(out, " (%s)", site->reason.text);
	if (site->use_file)
		fprintf(out, " [macro used at %s:%u:%u]", site->use_file, site->use_line,
			site->use_column);
	putc('\n', out);
}
