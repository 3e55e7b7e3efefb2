/* fscanf.c - fscanf(3) through libc and through its mirror. */
#include "harness/scanning.h"
#include "harness/scenario.h"

static int scan_by_fscanf(
	struct run *run, FILE *fp, const char *format, void *first, void *second)
{
	return (int)result(run, "fscanf", enter(run)->fscanf(fp, format, first, second));
}

int main(void)
{
	static const struct scanning verb = {
		.reading = {.take = scanning_take}, .scan = scan_by_fscanf};

	scanning_add(&verb);
	return suite_run("fscanf");
}
