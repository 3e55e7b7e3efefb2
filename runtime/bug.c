/* bug.c - messages that must get out whatever the state of the process is.
 *
 * Uses nothing but write(2): it is called from signal handlers and from a scheduler that
 * no longer trusts itself. */
#include "bug.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void co__say(const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t n = write(STDERR_FILENO, text, left);
		if (n <= 0)
			return;
		text += n;
		left -= (size_t)n;
	}
}

static const char *number(char *buf, size_t value, unsigned base)
{
	char digits[24];
	size_t n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value > 0);
	for (size_t i = 0; i < n; i++)
		buf[i] = digits[n - 1 - i];
	buf[n] = '\0';
	return buf;
}

const char *co__decimal(char *buf, size_t value)
{
	return number(buf, value, 10);
}

const char *co__hexadecimal(char *buf, size_t value)
{
	buf[0] = '0';
	buf[1] = 'x';
	number(buf + 2, value, 16);
	return buf;
}

_Noreturn void co__bug(const char *file, const char *line, const char *what)
{
	co__say("cohook: internal error at ");
	co__say(file);
	co__say(":");
	co__say(line);
	co__say(": ");
	co__say(what);
	co__say("\n");
	abort();
}
