/* reason.c - owns the words that stand for the plan's reasons in JSON and SARIF.
 *
 * What tells a reason is the part of its text that never changes. plan.c and config.c
 * make the texts; tests/lit/audit/reasons.test has each. Called by rule_sites. */
#include "audit/reason.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *part, *id;
} table[] = {
	{"#pragma cohook off", "pragma"},
	{"excluded by", "config"},
	{"not included by", "config"},
	{"left by", "config"},
	{"not among those to hook", "config"},
	{"threads are OS threads", "os-threads"},
	{"made weak by the program", "weak"},
	{"declared by the program", "own-declaration"},
	{"declared inside a function only", "own-declaration"},
	{"inside a namespace", "namespace"},
	{"overloaded ahead of", "overloaded"},
	{"bound to the symbol", "other-symbol"},
	{"in a header of the system", "system-header"},
	{"argument of a template is part of a type", "template"},
	{"depends on the arguments of a template", "template"},
	{"only the program's own uses are mapped", "mapping"},
	{"inside the function that it is mapped to", "mapping"},
	{"in a precompiled header", "precompiled-header"},
	{"made by ## or comes from the command line", "pasted"},
	{"in a macro of a system header", "system-macro"},
	{"split by a line continuation", "spliced"},
	{"namespaces are not simply written", "qualified"},
	{"means something else in another expansion", "shared-text"},
	{"a macro makes a string or another name", "stringified"},
	{"C++ library's headers", "standard-library"},
	{"the header is not one that can be changed", "standard-library"},
};

const char *reason_id(const char *text)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strstr(text, table[i].part))
			return table[i].id;
	return "other";
}
