/* getline.c - getline(3) through libc and through its mirror. */
#include "harness/reading.h"
#include "harness/scenario.h"

#include <stdlib.h>
#include <string.h>

static ssize_t take_by_getline(struct run *run, FILE *fp, char *buf, size_t size)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n = result(run, "getline", enter(run)->getline(&line, &room, fp));

	note(run, "room %zu", room);
	if (n > 0)
		memcpy(buf, line, (size_t)n < size ? (size_t)n : size);
	free(line);
	return n;
}

int main(void)
{
	static const struct reading verb = {.take = take_by_getline};

	reading_add(&verb);
	return suite_run("getline");
}
