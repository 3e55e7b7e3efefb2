/* puts.c - puts(3) through libc and through its mirror. */
#include "harness/writing.h"
#include "harness/scenario.h"

static void give_by_puts(struct run *run, FILE *fp, const char *text, size_t size)
{
	(void)fp;
	(void)size;
	result(run, "puts", enter(run)->puts(text));
}

int main(void)
{
	static const struct writing verb = {.give = give_by_puts, .on_stdout = true};

	writing_add(&verb);
	return suite_run("puts");
}
