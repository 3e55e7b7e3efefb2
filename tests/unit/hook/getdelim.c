/* getdelim.c - getdelim(3) through libc and through its mirror. */
#include "harness/reading.h"
#include "harness/scenario.h"

#include <stdlib.h>
#include <string.h>

static ssize_t take_by_getdelim(struct run *run, FILE *fp, char *buf, size_t size)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n = result(run, "getdelim", enter(run)->getdelim(&line, &room, '\n', fp));

	note(run, "room %zu", room);
	if (n > 0)
		memcpy(buf, line, (size_t)n < size ? (size_t)n : size);
	free(line);
	return n;
}

int main(void)
{
	static const struct reading verb = {.take = take_by_getdelim};

	reading_add(&verb);
	return suite_run("getdelim");
}
