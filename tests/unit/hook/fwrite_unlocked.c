/* fwrite_unlocked.c - fwrite_unlocked(3) through libc and through its mirror. */
#include "harness/writing.h"
#include "harness/scenario.h"

#undef fwrite_unlocked /* a macro, too */

/* In items of seven bytes, and the rest in one. */
static void give_by_fwrite_unlocked(
	struct run *run, FILE *fp, const char *text, size_t size)
{
	size_t rest = size % 7;

	result(run, "fwrite_unlocked",
		(ssize_t)enter(run)->fwrite_unlocked(text, 7, size / 7, fp));
	if (rest)
		note(run, "rest %zu",
			run->calls->fwrite_unlocked(text + size - rest, rest, 1, fp));
}

int main(void)
{
	static const struct writing verb = {.give = give_by_fwrite_unlocked};

	writing_add(&verb);
	return suite_run("fwrite_unlocked");
}
