/* fsetpos.c - fsetpos(3) through libc and through its mirror. */
#include "harness/flushing.h"
#include "harness/scenario.h"

static void flush_by_fsetpos(struct run *run, FILE *fp)
{
	static const fpos_t beginning;

	result(run, "fsetpos", enter(run)->fsetpos(fp, &beginning));
}

int main(void)
{
	static const struct flushing verb = {.flush = flush_by_fsetpos};

	flushing_add(&verb);
	return suite_run("fsetpos");
}
