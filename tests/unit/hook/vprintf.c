/* vprintf.c - vprintf(3) through libc and through its mirror. */
#include "harness/formatting.h"
#include "harness/scenario.h"

#include <stdarg.h>

static int vprintf_with(struct run *run, const char *format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = (int)result(run, "vprintf", enter(run)->vprintf(format, args));
	va_end(args);
	return r;
}

static void give_by_vprintf(struct run *run, FILE *fp, const char *text, size_t size)
{
	(void)fp;
	vprintf_with(run, "%.*s", (int)size, text);
}

static int print_by_vprintf(struct run *run, FILE *fp, const char *format,
	const char *text, int number, void *last)
{
	(void)fp;
	return vprintf_with(run, format, text, number, last);
}

int main(void)
{
	static const struct formatting verb = {
		.writing = {.give = give_by_vprintf, .on_stdout = true},
		.print = print_by_vprintf};

	formatting_add(&verb);
	return suite_run("vprintf");
}
