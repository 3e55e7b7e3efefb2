/* fseek.c - fseek(3) through libc and through its mirror. */
#include "harness/flushing.h"
#include "harness/scenario.h"

static void flush_by_fseek(struct run *run, FILE *fp)
{
	result(run, "fseek", enter(run)->fseek(fp, 0, SEEK_END));
}

int main(void)
{
	static const struct flushing verb = {.flush = flush_by_fseek};

	flushing_add(&verb);
	return suite_run("fseek");
}
