/* format.h - a report as people and programs want it. */
#ifndef COHOOK_AUDIT_FORMAT_H
#define COHOOK_AUDIT_FORMAT_H

#include <stdio.h>

#include "audit/document.h"

/* format_find - what prints a report in the format NAME, text, json, sarif or html; NULL
 * if there is none. */
typedef void format_print(FILE *out, const struct document *document);
format_print *format_find(const char *name);

format_print format_text, format_sarif, format_html;

#endif
