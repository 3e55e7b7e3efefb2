/* getchar_unlocked.c - getchar_unlocked(3) through libc and through its mirror. */
#include "harness/reading.h"
#include "harness/scenario.h"

/* One spot for all of them: only the last one waits. */
static ssize_t take_by_getchar_unlocked(struct run *run, FILE *fp, char *buf, size_t size)
{
	const struct calls *calls = enter(run);
	size_t n = 0;
	int c = 0;

	(void)fp;
	while (n < size && c != '\n' && (c = calls->getchar_unlocked()) != EOF)
		buf[n++] = (char)c;
	result(run, "getchar_unlocked", c);
	return (ssize_t)n;
}

int main(void)
{
	static const struct reading verb = {
		.take = take_by_getchar_unlocked, .on_stdin = true};

	reading_add(&verb);
	return suite_run("getchar_unlocked");
}
