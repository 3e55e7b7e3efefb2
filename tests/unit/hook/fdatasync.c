/* fdatasync.c - fdatasync(2) through libc and through its mirror. */
#include "harness/scenario.h"
#include "harness/syncing.h"

static int sync_it(struct run *run, int fd)
{
	return (int)result(run, "fdatasync", enter(run)->fdatasync(fd));
}

int main(void)
{
	static const struct syncing verb = {sync_it};

	syncing_add(&verb);
	return suite_run("fdatasync");
}
