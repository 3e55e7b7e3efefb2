/* pread.c - pread(2) through libc and through its mirror. */
#include "harness/positioned.h"
#include "harness/scenario.h"

static ssize_t take(struct run *run, int fd, void *buf, size_t size, off_t at)
{
	return result(run, "pread", enter(run)->pread(fd, buf, size, at));
}

int main(void)
{
	static const struct positioned verb = {.take = take};

	positioned_add(&verb);
	return suite_run("pread");
}
