/* format.c - the names of the formats. Called by the audit's command. */
#include "audit/format.h"

#include <string.h>

format_print *format_find(const char *name)
{
	static const struct {
		const char *name;
		format_print *print;
	} table[] = {
		{"text", format_text},
		{"json", document_write},
		{"sarif", format_sarif},
		{"html", format_html},
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (!strcmp(table[i].name, name))
			return table[i].print;
	return NULL;
}
