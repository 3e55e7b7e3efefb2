/* fputs.c - fputs(3) through libc and through its mirror. */
#include "harness/writing.h"
#include "harness/scenario.h"

static void give_by_fputs(struct run *run, FILE *fp, const char *text, size_t size)
{
	(void)size;
	result(run, "fputs", enter(run)->fputs(text, fp));
}

int main(void)
{
	static const struct writing verb = {.give = give_by_fputs};

	writing_add(&verb);
	return suite_run("fputs");
}
