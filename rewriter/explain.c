/* explain.c - owns what --cohook-explain prints: one line per site, as the audit prints
 * it.
 *
 * Called by compile once the plans are made. A source that is compiled as it is after all
 * says so by itself. */
#include "explain.h"

#include <stdio.h>

#include "report.h"

void explain_sources(const struct sources *sources)
{
	for (size_t i = 0; i < sources->count; i++) {
		const struct source *source = &sources->list[i];
		for (size_t j = 0; source->looked_at && j < source->result.nsites; j++)
			report_site(stderr, &source->result.sites[j]);
	}
}
