/* matrix.c - makes docs/CONFORMANCE.md of a run: a line for each row of hooks.def that
 * has cases, and the reasons of those that differ. */
#include "matrix.h"
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
#define HOOK(name, waits, header) #name,
#include "cohook/hooks.def"
};

enum { NAMES = sizeof(names) / sizeof(*names) };

struct sums {
	size_t cases, equal, different;
};

static struct sums sums_of(
	const char *name, size_t count, const struct judgement *judgements)
{
	struct sums sums = {0};

	for (size_t i = 0; i < count; i++) {
		if (name && strcmp(table_at(i)->call, name))
			continue;
		sums.cases++;
		sums.equal += judgements[i].verdict == EQUAL;
		sums.different += judgements[i].verdict == DIFFERENT;
	}
	return sums;
}

/* Whether an earlier point of the same call has the same reason. */
static bool was_given(size_t i, const char *reason)
{
	for (size_t k = 0; k < i; k++) {
		const char *other = reason_of(table_at(k));

		if (other && !strcmp(table_at(k)->call, table_at(i)->call) &&
			!strcmp(other, reason))
			return true;
	}
	return false;
}

static void write_reasons(FILE *out, const char *name, size_t count)
{
	const char *before = "";

	for (size_t i = 0; i < count; i++) {
		const char *reason = reason_of(table_at(i));

		if (!reason || strcmp(table_at(i)->call, name) || was_given(i, reason))
			continue;
		fprintf(out, "%s%s: %s", before, table_at(i)->condition, reason);
		before = "; ";
	}
}

static void write_head(FILE *out)
{
	fputs("# Conformance of the mirrors\n\n"
	      "Written by `ninja conformance-matrix`; the test `conformance` fails when a run "
	      "finds something else.\n\n"
	      "Each case is one call on one kind of thing under one condition. It runs through "
	      "libc, through the mirror in the\n"
	      "root fiber, and in a spawned fiber beside one that goes on running; values, "
	      "errno, out-parameters, bytes, flags and\n"
	      "the signal that ends the process are compared. A call without a line here has "
	      "its scenarios in `tests/unit/hook/`\n"
	      "alone.\n\n"
	      "| call | cases | equal | different | because |\n"
	      "|---|---:|---:|---:|---|\n",
		out);
}

static char *text_of(size_t count, const struct judgement *judgements)
{
	struct sums sums;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	write_head(out);
	for (size_t i = 0; i < NAMES; i++) {
		sums = sums_of(names[i], count, judgements);
		if (sums.cases == 0)
			continue;
		fprintf(out, "| %s | %zu | %zu | %zu | ", names[i], sums.cases, sums.equal,
			sums.different);
		write_reasons(out, names[i], count);
		fputs(" |\n", out);
	}
	sums = sums_of(NULL, count, judgements);
	fprintf(out, "| **all** | %zu | %zu | %zu | |\n", sums.cases, sums.equal,
		sums.different);
	fclose(out);
	return text;
}

bool matrix_write(const char *path, size_t count, const struct judgement *judgements)
{
	char *text = text_of(count, judgements);
	FILE *out = text ? fopen(path, "w") : NULL;
	bool good = out && fputs(text, out) >= 0;

	if (out && fclose(out))
		good = false;
	if (!good)
		perror(path);
	free(text);
	return good;
}

static bool is_content(const char *path, const char *text)
{
	FILE *in = fopen(path, "r");
	size_t at = 0;
	int c = EOF;

	while (in && (c = getc(in)) != EOF && text[at] == (char)c)
		at++;
	if (in)
		fclose(in);
	return in && c == EOF && !text[at];
}

bool matrix_check(const char *path, size_t count, const struct judgement *judgements)
{
	char *text = text_of(count, judgements);
	bool same = text && is_content(path, text);

	if (!same)
		printf("%s is not what this run found: ninja conformance-matrix\n", path);
	free(text);
	return same;
}
