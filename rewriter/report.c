/* report.c - prints what is done with every site.
 *
 * A header's sites turn up with every unit that includes it; a report has each once,
 * unless the units disagree about it. Called by the audit and by --cohook-explain. */
#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "hooks.h"
#include "pool.h"
#include "rewrite.h"

void report_site(FILE *out, const struct site *site)
{
	fprintf(out, "%s:%u:%u: %s: %s: %s", site->file, site->line, site->column,
		site->function ? site->function : "(file scope)", site->callee,
		site->verdict == VERDICT_REWRITTEN ? "rewritten" : "kept");
	if (site->reason)
		fprintf(out, " (%s)", site->reason);
	if (site->use_file)
		fprintf(out, " [macro used at %s:%u:%u]", site->use_file, site->use_line,
			site->use_column);
	putc('\n', out);
}

static int compare_texts(const char *x, const char *y)
{
	return strcmp(x ? x : "", y ? y : "");
}

static int compare_numbers(unsigned x, unsigned y)
{
	return (x > y) - (x < y);
}

static int by_place(const void *a, const void *b)
{
	const struct site *x = a, *y = b;
	const int orders[] = {
		compare_texts(x->file, y->file),
		compare_numbers(x->line, y->line),
		compare_numbers(x->column, y->column),
		compare_texts(x->use_file, y->use_file),
		compare_numbers(x->use_line, y->use_line),
		compare_numbers(x->use_column, y->use_column),
		compare_texts(x->function, y->function),
		compare_texts(x->callee, y->callee),
		compare_texts(x->reason, y->reason),
	};

	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
		if (orders[i])
			return orders[i];
	}
	return 0;
}

void report_add(struct report *report, const struct site *sites, size_t nsites)
{
	for (size_t i = 0; i < nsites; i++) {
		report->sites = pool_grow(report->pool, report->sites, report->nsites,
			sizeof *report->sites);
		report->sites[report->nsites++] = sites[i];
	}
}

void report_add_shared(
	struct report *report, const struct shared_variable *shared, size_t nshared)
{
	for (size_t i = 0; i < nshared; i++) {
		report->shared = pool_grow(report->pool, report->shared, report->nshared,
			sizeof *report->shared);
		report->shared[report->nshared++] = shared[i];
	}
}

static int by_declaration(const void *a, const void *b)
{
	const struct shared_variable *x = a, *y = b;
	int order = compare_texts(x->file, y->file);

	if (!order)
		order = compare_numbers(x->line, y->line);
	if (!order)
		order = compare_texts(x->name, y->name);
	return order ? order : compare_texts(x->why, y->why);
}

static void print_shared(FILE *out, struct report *report)
{
	if (report->nshared)
		qsort(report->shared, report->nshared, sizeof *report->shared,
			by_declaration);
	for (size_t i = 0; i < report->nshared; i++) {
		const struct shared_variable *shared = &report->shared[i];
		if (!i || by_declaration(shared, shared - 1))
			fprintf(out, "%s:%u: %s: shared by the fibers of a thread (%s)\n",
				shared->file, shared->line, shared->name, shared->why);
	}
}

static bool is_watched(const struct site *site)
{
	const struct hook *row = hooks_find(site->callee, strlen(site->callee));

	return row && row->kind == HOOK_WATCH;
}

void report_print(FILE *out, struct report *report)
{
	size_t total = 0, rewritten = 0, watched = 0;

	if (report->nsites)
		qsort(report->sites, report->nsites, sizeof *report->sites, by_place);
	for (size_t i = 0; i < report->nsites; i++) {
		const struct site *site = &report->sites[i];
		if (i && !by_place(site, site - 1))
			continue;
		report_site(out, site);
		total++;
		rewritten += site->verdict == VERDICT_REWRITTEN;
		watched += site->verdict == VERDICT_KEPT && is_watched(site);
	}
	print_shared(out, report);
	fprintf(out, "%zu %s: %zu rewritten, %zu kept, %zu without a mirror\n", total,
		total == 1 ? "site" : "sites", rewritten, total - rewritten - watched,
		watched);
}
