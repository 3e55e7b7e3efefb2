/* report.h - sites as text for people. */
#ifndef COHOOK_REPORT_H
#define COHOOK_REPORT_H

#include <stddef.h>
#include <stdio.h>

struct pool;
struct shared_variable;
struct site;

/* report_site - one line: "file:line:column: function: callee: verdict (reason)". */
void report_site(FILE *out, const struct site *site);

/* What a report has seen so far; zero-initialised but for the pool. */
struct report {
	struct pool
		*pool; /* keeps the list; the sites' strings must outlive the report */
	struct site *sites;
	size_t nsites;
	struct shared_variable *shared;
	size_t nshared;
};

/* report_add - take in the sites of one more unit. */
void report_add(struct report *report, const struct site *sites, size_t nsites);

/* report_add_shared - likewise, its thread-local variables that fibers share. */
void report_add_shared(
	struct report *report, const struct shared_variable *shared, size_t nshared);

/* report_print - every site once, sorted by place, then every variable, and a line of
 * totals. */
void report_print(FILE *out, struct report *report);

#endif
