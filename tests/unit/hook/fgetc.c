/* fgetc.c - fgetc(3) through libc and through its mirror. */
#include "harness/reading.h"
#include "harness/scenario.h"

/* One spot for all of them: only the last one waits. */
static ssize_t take_by_fgetc(struct run *run, FILE *fp, char *buf, size_t size)
{
	const struct calls *calls = enter(run);
	size_t n = 0;
	int c = 0;

	while (n < size && c != '\n' && (c = calls->fgetc(fp)) != EOF)
		buf[n++] = (char)c;
	result(run, "fgetc", c);
	return (ssize_t)n;
}

int main(void)
{
	static const struct reading verb = {.take = take_by_fgetc};

	reading_add(&verb);
	return suite_run("fgetc");
}
