/* creat.c - creat(2) through libc and through its mirror. */
#include "harness/opening.h"
#include "harness/scenario.h"

static int open_it(struct run *run, const char *path, int flags, mode_t mode)
{
	(void)flags;
	return enter(run)->creat(path, mode);
}

int main(void)
{
	static const struct opening verb = {open_it, true};

	opening_add(&verb);
	return suite_run("creat");
}
