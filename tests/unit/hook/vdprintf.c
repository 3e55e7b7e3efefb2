/* vdprintf.c - vdprintf(3) through libc and through its mirror. */
#include "harness/formatting.h"
#include "harness/scenario.h"

#include <stdarg.h>

static int vdprintf_with(struct run *run, int fd, const char *format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = (int)result(run, "vdprintf", enter(run)->vdprintf(fd, format, args));
	va_end(args);
	return r;
}

static void give_by_vdprintf(struct run *run, FILE *fp, const char *text, size_t size)
{
#ifdef __SANITIZE_ADDRESS__ /* glibc loses its buffer for a bad descriptor */
	if (fcntl(fileno(fp), F_GETFD) < 0)
		return;
#endif
	vdprintf_with(run, fileno(fp), "%.*s", (int)size, text);
}

static int print_by_vdprintf(struct run *run, FILE *fp, const char *format,
	const char *text, int number, void *last)
{
	return vdprintf_with(run, fileno(fp), format, text, number, last);
}

int main(void)
{
	static const struct formatting verb = {
		.writing = {.give = give_by_vdprintf}, .print = print_by_vdprintf};

	formatting_add(&verb);
	return suite_run("vdprintf");
}
