/* fprintf.c - fprintf(3) through libc and through its mirror. */
#include "harness/formatting.h"
#include "harness/scenario.h"

static void give_by_fprintf(struct run *run, FILE *fp, const char *text, size_t size)
{
	result(run, "fprintf", enter(run)->fprintf(fp, "%.*s", (int)size, text));
}

static int print_by_fprintf(struct run *run, FILE *fp, const char *format,
	const char *text, int number, void *last)
{
	return (int)result(
		run, "fprintf", enter(run)->fprintf(fp, format, text, number, last));
}

int main(void)
{
	static const struct formatting verb = {
		.writing = {.give = give_by_fprintf}, .print = print_by_fprintf};

	formatting_add(&verb);
	return suite_run("fprintf");
}
