/* fputs_unlocked.c - fputs_unlocked(3) through libc and through its mirror. */
#include "harness/writing.h"
#include "harness/scenario.h"

static void give_by_fputs_unlocked(
	struct run *run, FILE *fp, const char *text, size_t size)
{
	(void)size;
	result(run, "fputs_unlocked", enter(run)->fputs_unlocked(text, fp));
}

int main(void)
{
	static const struct writing verb = {.give = give_by_fputs_unlocked};

	writing_add(&verb);
	return suite_run("fputs_unlocked");
}
