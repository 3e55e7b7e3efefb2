/* fallocate.c - fallocate(2) through libc and through its mirror. */
#include "harness/scenario.h"
#include "harness/sizing.h"

static int resize(struct run *run, int fd, off_t size)
{
	return (int)result(run, "fallocate", enter(run)->fallocate(fd, 0, 0, size));
}

int main(void)
{
	static const struct sizing verb = {resize};

	sizing_add(&verb);
	return suite_run("fallocate");
}
