/* fflush.c - fflush(3) through libc and through its mirror. */
#include "harness/flushing.h"
#include "harness/scenario.h"

static void flush_by_fflush(struct run *run, FILE *fp)
{
	result(run, "fflush", enter(run)->fflush(fp));
}

int main(void)
{
	static const struct flushing verb = {.flush = flush_by_fflush};

	flushing_add(&verb);
	return suite_run("fflush");
}
