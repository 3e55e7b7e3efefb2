/* fopen.c - fopen(3) through libc and through its mirror. */
#include "harness/streamopening.h"
#include "harness/scenario.h"

static FILE *open_by_fopen(struct run *run, const char *path, const char *mode)
{
	return enter(run)->fopen(path, mode);
}

int main(void)
{
	static const struct streamopening verb = {open_by_fopen};

	streamopening_add(&verb);
	return suite_run("fopen");
}
