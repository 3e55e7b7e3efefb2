/* truncate.c - truncate(2) through libc and through its mirror. */
#include "harness/scenario.h"
#include "harness/sizing.h"

#include <stdio.h>

static int resize(struct run *run, int fd, off_t size)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return (int)result(run, "truncate", enter(run)->truncate(path, size));
}

int main(void)
{
	static const struct sizing verb = {resize};

	sizing_add(&verb);
	return suite_run("truncate");
}
