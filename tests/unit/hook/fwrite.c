/* fwrite.c - fwrite(3) through libc and through its mirror. */
#include "harness/writing.h"
#include "harness/scenario.h"

/* In items of seven bytes, and the rest in one. */
static void give_by_fwrite(struct run *run, FILE *fp, const char *text, size_t size)
{
	size_t rest = size % 7;

	result(run, "fwrite", (ssize_t)enter(run)->fwrite(text, 7, size / 7, fp));
	if (rest)
		note(run, "rest %zu",
			run->calls->fwrite(text + size - rest, rest, 1, fp));
}

int main(void)
{
	static const struct writing verb = {.give = give_by_fwrite};

	writing_add(&verb);
	return suite_run("fwrite");
}
