/* syncfs.c - syncfs(2) through libc and through its mirror. */
#include "harness/scenario.h"
#include "harness/syncing.h"

static int sync_it(struct run *run, int fd)
{
	return (int)result(run, "syncfs", enter(run)->syncfs(fd));
}

int main(void)
{
	static const struct syncing verb = {sync_it};

	syncing_add(&verb);
	return suite_run("syncfs");
}
