/* fgetc_unlocked.c - fgetc_unlocked(3) through libc and through its mirror. */
#include "harness/reading.h"
#include "harness/scenario.h"

/* One spot for all of them: only the last one waits. */
static ssize_t take_by_fgetc_unlocked(struct run *run, FILE *fp, char *buf, size_t size)
{
	const struct calls *calls = enter(run);
	size_t n = 0;
	int c = 0;

	while (n < size && c != '\n' && (c = calls->fgetc_unlocked(fp)) != EOF)
		buf[n++] = (char)c;
	result(run, "fgetc_unlocked", c);
	return (ssize_t)n;
}

int main(void)
{
	static const struct reading verb = {.take = take_by_fgetc_unlocked};

	reading_add(&verb);
	return suite_run("fgetc_unlocked");
}
