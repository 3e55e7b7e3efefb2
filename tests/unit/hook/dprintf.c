/* dprintf.c - dprintf(3) through libc and through its mirror. */
#include "harness/formatting.h"
#include "harness/scenario.h"

static void give_by_dprintf(struct run *run, FILE *fp, const char *text, size_t size)
{
#ifdef __SANITIZE_ADDRESS__ /* glibc loses its buffer for a bad descriptor */
	if (fcntl(fileno(fp), F_GETFD) < 0)
		return;
#endif
	result(run, "dprintf", enter(run)->dprintf(fileno(fp), "%.*s", (int)size, text));
}

static int print_by_dprintf(struct run *run, FILE *fp, const char *format,
	const char *text, int number, void *last)
{
	return (int)result(run, "dprintf",
		enter(run)->dprintf(fileno(fp), format, text, number, last));
}

int main(void)
{
	static const struct formatting verb = {
		.writing = {.give = give_by_dprintf}, .print = print_by_dprintf};

	formatting_add(&verb);
	return suite_run("dprintf");
}
