/* fseeko.c - fseeko(3) through libc and through its mirror. */
#include "harness/flushing.h"
#include "harness/scenario.h"

static void flush_by_fseeko(struct run *run, FILE *fp)
{
	result(run, "fseeko", enter(run)->fseeko(fp, 0, SEEK_SET));
}

int main(void)
{
	static const struct flushing verb = {.flush = flush_by_fseeko};

	flushing_add(&verb);
	return suite_run("fseeko");
}
