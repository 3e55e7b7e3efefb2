/* fread.c - fread(3) through libc and through its mirror. */
#include "harness/reading.h"
#include "harness/scenario.h"

static ssize_t take_by_fread(struct run *run, FILE *fp, char *buf, size_t size)
{
	return result(run, "fread", (ssize_t)enter(run)->fread(buf, 1, size, fp));
}

int main(void)
{
	static const struct reading verb = {.take = take_by_fread};

	reading_add(&verb);
	return suite_run("fread");
}
