/* fgets.c - fgets(3) through libc and through its mirror. */
#include "harness/reading.h"
#include "harness/scenario.h"

#include <string.h>

static ssize_t take_by_fgets(struct run *run, FILE *fp, char *buf, size_t size)
{
	char *line = enter(run)->fgets(buf, (int)size + 1, fp);

	result(run, "fgets", line == buf ? 0 : -1);
	return line ? (ssize_t)strlen(line) : 0;
}

int main(void)
{
	static const struct reading verb = {.take = take_by_fgets};

	reading_add(&verb);
	return suite_run("fgets");
}
