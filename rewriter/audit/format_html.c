/* format_html.c - a report as one page that needs nothing else: totals, a table that can
 * be sorted and filtered, the sources with each finding at its line.
 *
 * All text of the user's is escaped; the page forbids itself to load anything. Only lines
 * near a finding are shown of a source. Without scripts all of it is there to read. */
#include <stdlib.h>
#include <string.h>

#include "audit/format.h"
#include "audit/totals.h"
#include "cohook_config.h"
#include "pool.h"
#include "slurp.h"

enum { CONTEXT = 3 };

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	"style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<title>cohook audit</title>\n<style>\n"
	":root{color-scheme:light dark;--bad:#c0262d;--good:#1a7f37;--note:#9a6700;"
	"--line:#8885;--hit:#ffd33d33}\n"
	"body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:80em;"
	"padding:0 1em}\n"
	"h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em}\n"
	".totals{display:flex;flex-wrap:wrap;gap:.6em}\n"
	".totals>*{font:inherit;color:inherit;background:none;border:1px solid "
	"var(--line);border-radius:.5em;padding:.3em .8em}\n"
	".totals button{cursor:pointer}.totals "
	"button[aria-pressed=true]{background:var(--hit)}\n"
	".totals b{font-size:1.3em}\n"
	".filters{display:flex;gap:.6em;margin:1em 0;align-items:center}\n"
	"input,select{font:inherit;padding:.25em .5em}input{flex:1;min-width:5em}\n"
	"table{border-collapse:collapse;width:100%}\n"
	"thead th{position:sticky;top:0;background:Canvas}\n"
	"tbody tr:hover{background:var(--hit)}\n"
	"td{overflow-wrap:anywhere}td:last-child{min-width:11em}\n"
	"@media(max-width:50em){#findings{display:block;overflow-x:auto}"
	"td{min-width:7em}}\n"
	"th,td{text-align:left;padding:.25em .6em;border-bottom:1px solid var(--line);"
	"vertical-align:top}\n"
	"th button{font:inherit;font-weight:600;background:none;border:0;padding:0;"
	"cursor:pointer;color:inherit}\n"
	"th[aria-sort=ascending] button::after{content:' \\2191'}\n"
	"th[aria-sort=descending] button::after{content:' \\2193'}\n"
	"td.place{font-family:ui-monospace,monospace;font-size:.9em}\n"
	".badge{font-size:.85em;font-weight:600;white-space:nowrap}\n"
	".none{color:var(--good)}.warning{color:var(--bad)}.note{color:var(--note)}\n"
	".quiet{opacity:.6}\n"
	"pre{border:1px solid var(--line);border-radius:.5em;padding:.6em 0;"
	"overflow-x:auto;font:13px/1.45 ui-monospace,monospace}\n"
	"pre span{display:block;padding:0 1em}pre .hit{background:var(--hit)}\n"
	"pre .remark{white-space:pre-wrap;font-family:system-ui,sans-serif;"
	"padding-left:5.5em}\n"
	"pre i{display:inline-block;width:3.5em;opacity:.5;font-style:normal;"
	"user-select:none}\n"
	"mark{background:none;color:inherit;font-weight:700;text-decoration:underline}\n"
	"</style>\n</head>\n<body>\n";

static const char script[] =
	"<script>\n'use strict';\n"
	"const table=document.getElementById('findings'),body=table.tBodies[0];\n"
	"const "
	"words=document.getElementById('words'),rule=document.getElementById('rule');\n"
	"const rows=[...body.rows],count=document.getElementById('count');\n"
	"function filter(){const w=words.value.toLowerCase();let n=0;\n"
	"const v=rule.value;\n"
	"for(const r of rows){const show=(!v||r.dataset.rule===v||"
	"v==='-'&&!r.querySelector('.none'))&&r.textContent.toLowerCase().includes(w);r."
	"hidden=!show;n+=show}\n"
	"for(const t of totals)t.setAttribute('aria-pressed',t.dataset.rule===v);\n"
	"count.textContent=n+' of '+rows.length}\n"
	"const totals=document.querySelectorAll('.totals button');\n"
	"for(const t of totals)t.addEventListener('click',()=>{"
	"rule.value=rule.value===t.dataset.rule?'':t.dataset.rule;filter()});\n"
	"words.addEventListener('input',filter);rule.addEventListener('change',filter);\n"
	"const key=(r,i)=>i===0?r.dataset.place:r.cells[i].textContent;\n"
	"[...table.tHead.rows[0].cells].forEach((th,i)=>th.firstElementChild."
	"addEventListener('click',()=>{\n"
	"const up=th.getAttribute('aria-sort')!=='ascending';\n"
	"for(const o of table.tHead.rows[0].cells)o.removeAttribute('aria-sort');\n"
	"th.setAttribute('aria-sort',up?'ascending':'descending');\n"
	"rows.sort((a,b)=>(up?1:-1)*(key(a,i)<key(b,i)?-1:key(a,i)>key(b,i)?1:0));\n"
	"body.append(...rows)}));\nfilter();\n</script>\n";

static void put_escaped(FILE *out, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		switch (text[i]) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			putc(text[i], out);
		}
	}
}

static void put(FILE *out, const char *text)
{
	put_escaped(out, text, strlen(text));
}

static const char *level_class(const struct rule *rule)
{
	static const char *const names[] = {"none", "note", "warning"};

	return names[rule->level];
}

static const struct place *place_of(const struct finding *finding)
{
	return finding->used.file ? &finding->used : &finding->spelled;
}

struct at {
	const char *file;
	unsigned line, column;
	size_t index; /* of the finding */
};

static int compare_at(const void *a, const void *b)
{
	const struct at *x = a, *y = b;
	int order = strcmp(x->file, y->file);

	if (!order)
		order = (x->line > y->line) - (x->line < y->line);
	if (!order)
		order = (x->column > y->column) - (x->column < y->column);
	return order ? order : (x->index > y->index) - (x->index < y->index);
}

/* The findings in the order of the places that they are shown at. NULL: there is no memory
 * for it. */
static struct at *places_of(const struct document *document)
{
	size_t count = document->findings.count;
	struct at *at = calloc(count + 1, sizeof *at);

	for (size_t i = 0; at && i < count; i++) {
		const struct place *place = place_of(&document->findings.items[i]);
		at[i] = (struct at){place->file, place->line, place->column, i};
	}
	if (at)
		qsort(at, count, sizeof *at, compare_at);
	return at;
}

/* It filters the table when it is clicked. */
static void put_total(FILE *out, const struct rule *rule, size_t count)
{
	fprintf(out,
		"<button type=\"button\" data-rule=\"%s\" title=\"%s\"><b "
		"class=\"%s\">%zu</b> %s</button>",
		rule->name, rule->summary, level_class(rule), count, rule->name);
}

static void put_totals(FILE *out, const struct document *document)
{
	struct totals totals = totals_of(&document->findings);

	fprintf(out,
		"<p class=\"totals\"><span><b>%zu</b> units</span>"
		"<span><b>%zu</b> sites</span>",
		document->nunits, totals.sites);
	for (int id = 0; id < RULES; id++)
		if (totals.rules[id])
			put_total(out, rules_at((enum rule_id)id), totals.rules[id]);
	if (totals.suppressed || totals.known)
		fprintf(out,
			"<span><b>%zu</b> ignored</span><span><b>%zu</b> known</span>",
			totals.suppressed, totals.known);
	fputs("</p>\n", out);
}

static void put_troubles(FILE *out, const struct document *document)
{
	for (size_t i = 0; i < document->nunits; i++) {
		const struct audited *unit = &document->units[i];
		if (!unit->trouble)
			continue;
		fputs("<p class=\"warning\">Not audited: ", out);
		put(out, unit->file);
		fputs(": ", out);
		put(out, unit->trouble);
		fputs("</p>\n", out);
	}
}

static void put_filters(FILE *out, const struct document *document)
{
	struct totals totals = totals_of(&document->findings);

	fputs("<div class=\"filters\"><input id=\"words\" type=\"search\" "
	      "placeholder=\"Filter\" aria-label=\"Filter\"><select id=\"rule\" "
	      "aria-label=\"Rule\"><option value=\"\">all rules</option>"
	      "<option value=\"-\">all that is wrong</option>",
		out);
	for (int id = 0; id < RULES; id++)
		if (totals.rules[id])
			fprintf(out, "<option>%s</option>",
				rules_at((enum rule_id)id)->name);
	fputs("</select><span id=\"count\"></span></div>\n", out);
}

static void put_row(FILE *out, const struct finding *finding, size_t index)
{
	const struct place *place = place_of(finding);

	fprintf(out, "<tr data-rule=\"%s\" data-place=\"", rules_at(finding->rule)->name);
	put(out, place->file);
	fprintf(out, ":%08u:%06u\"%s><td class=\"place\"><a href=\"#f%zu\">", place->line,
		place->column, finding_counts(finding) ? "" : " class=\"quiet\"", index);
	put(out, place->file);
	if (place->line)
		fprintf(out, ":%u:%u", place->line, place->column);
	fputs("</a></td><td>", out);
	put(out, finding->function ? finding->function
		 : place->line     ? "(file scope)"
				   : "");
	fputs("</td><td>", out);
	put(out, finding->callee ? finding->callee : "");
	fprintf(out, "</td><td class=\"badge %s\">%s</td><td>",
		level_class(rules_at(finding->rule)), rules_at(finding->rule)->name);
	put(out, finding->message);
	if (finding->suppressed) {
		fputs(" <em>ignored: ", out);
		put(out, finding->suppressed);
		fputs("</em>", out);
	}
	fprintf(out, "%s</td></tr>\n", finding->known ? " <em>known</em>" : "");
}

static void put_table(FILE *out, const struct document *document, const struct at *at)
{
	static const char *const titles[] = {
		"Place", "Function", "Calls", "Rule", "Message"};

	fputs("<table id=\"findings\"><thead><tr>", out);
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
		fprintf(out, "<th scope=\"col\"><button type=\"button\">%s</button></th>",
			titles[i]);
	fputs("</tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < document->findings.count; i++)
		put_row(out, &document->findings.items[at[i].index], at[i].index);
	fputs("</tbody></table>\n", out);
}

/* The sources. */

/* The length of the name that begins at TEXT. */
static size_t word_length(const char *text, size_t length)
{
	size_t i = 0;

	while (i < length && (text[i] == '_' || (text[i] >= '0' && text[i] <= '9') ||
				     (text[i] >= 'a' && text[i] <= 'z') ||
				     (text[i] >= 'A' && text[i] <= 'Z')))
		i++;
	return i;
}

struct page {
	FILE *out;
	const struct document *document;
	const struct at *at; /* the findings of the file that is shown */
	size_t count;
	size_t next;   /* of those, the first that is not behind us */
	unsigned last; /* line that was shown, 0: none yet */
};

static void put_code(struct page *page, const char *text, size_t length, unsigned line)
{
	size_t begin = page->next, done = 0;

	for (; page->next < page->count && page->at[page->next].line == line;
		page->next++) {
		size_t column = page->at[page->next].column;
		size_t from = column ? column - 1 : 0;
		if (page->next > begin &&
			page->at[page->next].column == page->at[page->next - 1].column)
			continue;
		if (from < done || from >= length)
			continue;
		size_t word = word_length(text + from, length - from);
		put_escaped(page->out, text + done, from - done);
		fputs("<mark>", page->out);
		put_escaped(page->out, text + from, word);
		fputs("</mark>", page->out);
		done = from + word;
	}
	put_escaped(page->out, text + done, length - done);
}

static void put_related(FILE *out, const struct related *related)
{
	fputs("<span class=\"remark\">", out);
	if (related->at.file && *related->at.file) {
		put(out, related->at.file);
		fprintf(out, ":%u: ", related->at.line);
	}
	put(out, related->message);
	fputs("</span>", out);
}

static void put_remark(struct page *page, size_t index)
{
	const struct finding *finding = &page->document->findings.items[index];

	fprintf(page->out, "<span class=\"remark %s\" id=\"f%zu\">%s: ",
		level_class(rules_at(finding->rule)), index,
		rules_at(finding->rule)->name);
	put(page->out, finding->message);
	if (finding->suppressed) {
		fputs(" (ignored: ", page->out);
		put(page->out, finding->suppressed);
		putc(')', page->out);
	}
	fputs("</span>", page->out);
	for (size_t i = 0; i < finding->nrelated; i++)
		put_related(page->out, &finding->related[i]);
}

static void put_line(struct page *page, const char *text, size_t length, unsigned line)
{
	size_t begin = page->next;
	bool hit = begin < page->count && page->at[begin].line == line;

	if (page->last && line > page->last + 1)
		fputs("<span>...</span>", page->out);
	page->last = line;
	fprintf(page->out, "<span%s><i>%u</i>", hit ? " class=\"hit\"" : "", line);
	put_code(page, text, length, line);
	fputs("</span>", page->out);
	for (size_t i = begin; i < page->next; i++)
		put_remark(page, page->at[i].index);
}

/* Whether LINE is so near to a finding that it is shown. */
static bool is_near(const struct page *page, unsigned line)
{
	if (page->next && line <= page->at[page->next - 1].line + CONTEXT)
		return true;
	return page->next < page->count && page->at[page->next].line <= line + CONTEXT;
}

static void put_text(struct page *page, const char *text, size_t length)
{
	const char *end = text + length;

	for (unsigned line = 1; text < end; line++) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t size = (size_t)((stop ? stop : end) - text);
		if (is_near(page, line))
			put_line(page, text, size, line);
		text += size + 1;
	}
	/* What has no line in the text: the file is another one by now. */
	for (; page->next < page->count; page->next++)
		put_remark(page, page->at[page->next].index);
}

static void put_source(struct page *page)
{
	const char *file = page->at->file;
	char *text = NULL;
	size_t length = 0;
	struct pool *pool = pool_new();

	fputs("<h2>", page->out);
	put(page->out, *file ? file : "(no file)");
	fputs("</h2>\n<pre>", page->out);
	if (page->at->line &&
		slurp_path(*file == '/' ? file
					: pool_printf(pool, "%s/%s", page->document->root,
						  file),
			&text, &length))
		fputs("<span>The source is not to be read any more.</span>", page->out);
	put_text(page, text ? text : "", length);
	fputs("</pre>\n", page->out);
	free(text);
	pool_free(pool);
}

static void put_sources(FILE *out, const struct document *document, const struct at *at)
{
	size_t count = document->findings.count, end;

	for (size_t begin = 0; begin < count; begin = end) {
		for (end = begin + 1;
			end < count && !strcmp(at[end].file, at[begin].file);)
			end++;
		struct page page = {.out = out,
			.document = document,
			.at = at + begin,
			.count = end - begin};
		put_source(&page);
	}
}

void format_html(FILE *out, const struct document *document)
{
	struct at *at = places_of(document);

	fputs(head, out);
	fputs("<h1>cohook audit</h1>\n<p>", out);
	put(out, document->root);
	fputs(", by cohook " COHOOK_VERSION "</p>\n", out);
	put_totals(out, document);
	put_troubles(out, document);
	put_filters(out, document);
	if (at) {
		put_table(out, document, at);
		put_sources(out, document, at);
		fputs(script, out);
	}
	fputs("</body>\n</html>\n", out);
	free(at);
}
