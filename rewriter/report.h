/* report.h - sites as text for people. */
#ifndef COHOOK_REPORT_H
#define COHOOK_REPORT_H

#include <stdio.h>

struct site;

/* report_site - one line: "file:line:column: function: callee: verdict (reason)". */
void report_site(FILE *out, const struct site *site);

#endif
