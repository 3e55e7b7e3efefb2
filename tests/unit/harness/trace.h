/* trace.h - what a scenario saw, line by line, in memory that survives the process that
 * wrote it. */
#ifndef HARNESS_TRACE_H
#define HARNESS_TRACE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { TRACE_SIZE = 128 * 1024 };

struct trace {
	atomic_flag busy;
	atomic_int failures; /* what the scenario itself found wrong */
	size_t used;
	char text[TRACE_SIZE]; /* lines; "! " opens one that is a failure */
};

/* The memory is shared with the child processes of the caller. Ends the test when there
 * is none. */
struct trace *trace_new(void);
void trace_free(struct trace *trace);

/* Forget everything. */
void trace_clear(struct trace *trace);

/* Add a line. Any thread may. The failure form also counts it. */
void trace_line(struct trace *trace, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void trace_failure(struct trace *trace, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Print the failures that TRACE holds, each after the line it followed. */
void trace_print_failures(const struct trace *trace, const char *name);

/* The last line, or what says that there is none. Static storage. */
const char *trace_last(const struct trace *trace);

/* Whether two runs saw the same; if not, the first difference is printed. */
bool trace_same(const struct trace *a, const char *aname, const struct trace *b,
	const char *bname);

#endif
