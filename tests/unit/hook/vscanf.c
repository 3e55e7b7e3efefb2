/* vscanf.c - vscanf(3) through libc and through its mirror. */
#include "harness/scanning.h"
#include "harness/scenario.h"

#include <stdarg.h>

static int vscanf_with(struct run *run, const char *format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = (int)result(run, "vscanf", enter(run)->vscanf(format, args));
	va_end(args);
	return r;
}

static int scan_by_vscanf(
	struct run *run, FILE *fp, const char *format, void *first, void *second)
{
	(void)fp;
	return vscanf_with(run, format, first, second);
}

int main(void)
{
	static const struct scanning verb = {
		.reading = {.take = scanning_take, .on_stdin = true},
		.scan = scan_by_vscanf};

	scanning_add(&verb);
	return suite_run("vscanf");
}
