/* fread_unlocked.c - fread_unlocked(3) through libc and through its mirror. */
#include "harness/reading.h"
#include "harness/scenario.h"

#undef fread_unlocked /* a macro, too */

static ssize_t take_by_fread_unlocked(struct run *run, FILE *fp, char *buf, size_t size)
{
	return result(run, "fread_unlocked",
		(ssize_t)enter(run)->fread_unlocked(buf, 1, size, fp));
}

int main(void)
{
	static const struct reading verb = {.take = take_by_fread_unlocked};

	reading_add(&verb);
	return suite_run("fread_unlocked");
}
