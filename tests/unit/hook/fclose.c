/* fclose.c - fclose(3) through libc and through its mirror. */
#include "harness/flushing.h"
#include "harness/scenario.h"

static void flush_by_fclose(struct run *run, FILE *fp)
{
	result(run, "fclose", enter(run)->fclose(fp));
}

int main(void)
{
	static const struct flushing verb = {.flush = flush_by_fclose, .closes = true};

	flushing_add(&verb);
	return suite_run("fclose");
}
