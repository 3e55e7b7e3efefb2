/* dup.c - dup(2) through libc and through its mirror. */
#include "harness/copying.h"
#include "harness/scenario.h"

static int copy_by_dup(struct run *run, int fd)
{
	return enter(run)->dup(fd);
}

int main(void)
{
	static const struct copying verb = {"dup", copy_by_dup};

	copying_add(&verb);
	return suite_run("dup");
}
