/* vfprintf.c - vfprintf(3) through libc and through its mirror. */
#include "harness/formatting.h"
#include "harness/scenario.h"

#include <stdarg.h>

static int vfprintf_with(struct run *run, FILE *fp, const char *format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = (int)result(run, "vfprintf", enter(run)->vfprintf(fp, format, args));
	va_end(args);
	return r;
}

static void give_by_vfprintf(struct run *run, FILE *fp, const char *text, size_t size)
{
	vfprintf_with(run, fp, "%.*s", (int)size, text);
}

static int print_by_vfprintf(struct run *run, FILE *fp, const char *format,
	const char *text, int number, void *last)
{
	return vfprintf_with(run, fp, format, text, number, last);
}

int main(void)
{
	static const struct formatting verb = {
		.writing = {.give = give_by_vfprintf}, .print = print_by_vfprintf};

	formatting_add(&verb);
	return suite_run("vfprintf");
}
