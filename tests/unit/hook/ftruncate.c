/* ftruncate.c - ftruncate(2) through libc and through its mirror. */
#include "harness/scenario.h"
#include "harness/sizing.h"

static int resize(struct run *run, int fd, off_t size)
{
	return (int)result(run, "ftruncate", enter(run)->ftruncate(fd, size));
}

int main(void)
{
	static const struct sizing verb = {resize};

	sizing_add(&verb);
	return suite_run("ftruncate");
}
