/* diag.c - owns the form of the wrapper's own messages.
 *
 * A configure script takes any byte on standard error for a failed test, so nothing is
 * said unless something is wrong. A message goes out in one write, so that parallel
 * builds do not mix lines. */
#include "diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calledas.h"

static const char *program = "cohook-cc";

static void put(const char *text, size_t length)
{
	while (length) {
		ssize_t n = write(STDERR_FILENO, text, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		text += n;
		length -= (size_t)n;
	}
}

__attribute__((format(printf, 3, 0))) static void say(
	const char *file, const char *kind, const char *format, va_list args)
{
	char *text = NULL, *line = NULL;

	if (vasprintf(&text, format, args) < 0)
		return;
	int n = file ? asprintf(&line, "%s: %s: %s: %s\n", program, file, kind, text)
		     : asprintf(&line, "%s: %s: %s\n", program, kind, text);
	free(text);
	if (n < 0)
		return;
	put(line, (size_t)n);
	free(line);
}

void diag_called(const char *name)
{
	struct calledas called;

	calledas_read(&called, name);
	if (called.cxx)
		program = "cohook-c++";
}

const char *diag_name(void)
{
	return program;
}

void diag_warning(const char *file, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(file, "warning", format, args);
	va_end(args);
}

void diag_error(const char *file, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(file, "error", format, args);
	va_end(args);
}

void diag_fatal(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(NULL, "error", format, args);
	va_end(args);
	exit(2);
}

void diag_raw(const char *text)
{
	put(text, strlen(text));
}
