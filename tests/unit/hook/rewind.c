/* rewind.c - rewind(3) through libc and through its mirror. */
#include "harness/flushing.h"
#include "harness/scenario.h"

#include <errno.h>

static void flush_by_rewind(struct run *run, FILE *fp)
{
	enter(run)->rewind(fp);
	result(run, "rewind", errno);
}

int main(void)
{
	static const struct flushing verb = {.flush = flush_by_rewind};

	flushing_add(&verb);
	return suite_run("rewind");
}
