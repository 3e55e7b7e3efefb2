/* progress.c - owns one line of the terminal while units are examined. Called by crew. */
#include "audit/progress.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WIDTH = 30 };

static bool shown;

static bool is_watched(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

void progress_show(size_t done, size_t all)
{
	char bar[WIDTH + 1];

	if (all < 2 || !is_watched())
		return;
	for (size_t i = 0; i < WIDTH; i++)
		bar[i] = i < done * WIDTH / all ? '#' : '.';
	bar[WIDTH] = 0;
	fprintf(stderr, "\r[%s] %zu/%zu", bar, done, all);
	shown = true;
}

void progress_clear(void)
{
	if (shown)
		fputs("\r\033[K", stderr);
	shown = false;
}
