/* fflush_unlocked.c - fflush_unlocked(3) through libc and through its mirror. */
#include "harness/flushing.h"
#include "harness/scenario.h"

static void flush_by_fflush_unlocked(struct run *run, FILE *fp)
{
	result(run, "fflush_unlocked", enter(run)->fflush_unlocked(fp));
}

int main(void)
{
	static const struct flushing verb = {.flush = flush_by_fflush_unlocked};

	flushing_add(&verb);
	return suite_run("fflush_unlocked");
}
