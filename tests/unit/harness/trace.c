/* trace.c - the record of one run of a scenario.
 *
 * The text lies in shared anonymous memory: a run takes place in a child process, and
 * what it wrote before it died is still there to be shown. Lines are complete whenever
 * the lock is free. */
#include "harness/trace.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { LINE_SIZE = 400 };

struct trace *trace_new(void)
{
	struct trace *trace = mmap(NULL, sizeof(*trace), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (trace == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	trace_clear(trace);
	return trace;
}

void trace_free(struct trace *trace)
{
	munmap(trace, sizeof(*trace));
}

void trace_clear(struct trace *trace)
{
	atomic_flag_clear(&trace->busy);
	atomic_store(&trace->failures, 0);
	trace->used = 0;
	trace->text[0] = '\0';
}

static void append(struct trace *trace, const char *mark, const char *format, va_list args)
{
	char line[LINE_SIZE];
	size_t size;

	vsnprintf(line, sizeof(line), format, args);
	size = strlen(mark) + strlen(line) + 1;
	while (atomic_flag_test_and_set(&trace->busy))
		;
	if (trace->used + size < sizeof(trace->text)) {
		sprintf(trace->text + trace->used, "%s%s\n", mark, line);
		trace->used += size;
	}
	atomic_flag_clear(&trace->busy);
}

void trace_line(struct trace *trace, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	append(trace, "", format, args);
	va_end(args);
}

void trace_failure(struct trace *trace, const char *format, ...)
{
	va_list args;

	atomic_fetch_add(&trace->failures, 1);
	va_start(args, format);
	append(trace, "! ", format, args);
	va_end(args);
}

static size_t line_length(const char *line)
{
	return strcspn(line, "\n");
}

static const char *next_line(const char *line)
{
	line += line_length(line);
	return *line == '\n' ? line + 1 : line;
}

void trace_print_failures(const struct trace *trace, const char *name)
{
	const char *line, *before = "";

	for (line = trace->text; *line; before = line, line = next_line(line)) {
		if (line[0] != '!')
			continue;
		fprintf(stderr, "  %s: %.*s\n", name, (int)line_length(line + 2), line + 2);
		if (*before)
			fprintf(stderr, "    after: %.*s\n", (int)line_length(before), before);
	}
}

const char *trace_last(const struct trace *trace)
{
	static char last[LINE_SIZE];
	const char *line = trace->text, *next;

	if (!*line)
		return "(nothing yet)";
	while (*(next = next_line(line)))
		line = next;
	snprintf(last, sizeof(last), "%.*s", (int)line_length(line), line);
	return last;
}

static void print_difference(const char *name, const char *line)
{
	if (*line)
		fprintf(stderr, "    %-6s %.*s\n", name, (int)line_length(line), line);
	else
		fprintf(stderr, "    %-6s (ends here)\n", name);
}

bool trace_same(const struct trace *a, const char *aname, const struct trace *b,
	const char *bname)
{
	const char *x = a->text, *y = b->text, *before = NULL;
	size_t number = 1;

	while (*x && line_length(x) == line_length(y) && !memcmp(x, y, line_length(x))) {
		before = x;
		x = next_line(x);
		y = next_line(y);
		number++;
	}
	if (!*x && !*y)
		return true;
	fprintf(stderr, "  step %zu differs between %s and %s:\n", number, aname, bname);
	print_difference(aname, x);
	print_difference(bname, y);
	if (before)
		fprintf(stderr, "    after  %.*s\n", (int)line_length(before), before);
	return false;
}
