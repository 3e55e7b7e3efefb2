/* pwrite.c - pwrite(2) through libc and through its mirror. */
#include "harness/positioned.h"
#include "harness/scenario.h"

static ssize_t give(struct run *run, int fd, const void *buf, size_t size, off_t at)
{
	return result(run, "pwrite", enter(run)->pwrite(fd, buf, size, at));
}

int main(void)
{
	static const struct positioned verb = {.give = give};

	positioned_add(&verb);
	return suite_run("pwrite");
}
