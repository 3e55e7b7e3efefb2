/* printf.c - printf(3) through libc and through its mirror. */
#include "harness/formatting.h"
#include "harness/scenario.h"

static void give_by_printf(struct run *run, FILE *fp, const char *text, size_t size)
{
	(void)fp;
	result(run, "printf", enter(run)->printf("%.*s", (int)size, text));
}

static int print_by_printf(struct run *run, FILE *fp, const char *format,
	const char *text, int number, void *last)
{
	(void)fp;
	return (int)result(run, "printf", enter(run)->printf(format, text, number, last));
}

int main(void)
{
	static const struct formatting verb = {
		.writing = {.give = give_by_printf, .on_stdout = true},
		.print = print_by_printf};

	formatting_add(&verb);
	return suite_run("printf");
}
