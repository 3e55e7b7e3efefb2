/* vfscanf.c - vfscanf(3) through libc and through its mirror. */
#include "harness/scanning.h"
#include "harness/scenario.h"

#include <stdarg.h>

static int vfscanf_with(struct run *run, FILE *fp, const char *format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = (int)result(run, "vfscanf", enter(run)->vfscanf(fp, format, args));
	va_end(args);
	return r;
}

static int scan_by_vfscanf(
	struct run *run, FILE *fp, const char *format, void *first, void *second)
{
	return vfscanf_with(run, fp, format, first, second);
}

int main(void)
{
	static const struct scanning verb = {
		.reading = {.take = scanning_take}, .scan = scan_by_vfscanf};

	scanning_add(&verb);
	return suite_run("vfscanf");
}
