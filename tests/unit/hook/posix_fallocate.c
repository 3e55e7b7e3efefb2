/* posix_fallocate.c - posix_fallocate(2) through libc and through its mirror. */
#include "harness/scenario.h"
#include "harness/sizing.h"

static int resize(struct run *run, int fd, off_t size)
{
	return code(run, "posix_fallocate", enter(run)->posix_fallocate(fd, 0, size));
}

int main(void)
{
	static const struct sizing verb = {resize};

	sizing_add(&verb);
	return suite_run("posix_fallocate");
}
