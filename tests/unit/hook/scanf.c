/* scanf.c - scanf(3) through libc and through its mirror. */
#include "harness/scanning.h"
#include "harness/scenario.h"

static int scan_by_scanf(
	struct run *run, FILE *fp, const char *format, void *first, void *second)
{
	(void)fp;
	return (int)result(run, "scanf", enter(run)->scanf(format, first, second));
}

int main(void)
{
	static const struct scanning verb = {
		.reading = {.take = scanning_take, .on_stdin = true},
		.scan = scan_by_scanf};

	scanning_add(&verb);
	return suite_run("scanf");
}
