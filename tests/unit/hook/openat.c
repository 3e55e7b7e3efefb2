/* openat.c - openat(2) through libc and through its mirror. */
#include "harness/opening.h"
#include "harness/scenario.h"

#include <stdlib.h>
#include <sys/stat.h>

static int open_it(struct run *run, const char *path, int flags, mode_t mode)
{
	return enter(run)->openat(AT_FDCWD, path, flags, mode);
}

/* Names are looked for in the folder that is open. */
static void in_a_folder(struct run *run)
{
	char path[] = "/tmp/cohook-open-XXXXXX";
	int folder, fd;

	check(run, mkdtemp(path) != NULL);
	folder = keep(run, run->calls->open(path, O_RDONLY | O_DIRECTORY));
	fd = descriptor(run, "openat",
		enter(run)->openat(folder, "file", O_CREAT | O_RDWR | O_EXCL, 0600));
	check(run, run->calls->write(fd, "text", 4) == 4);
	result(run, "openat", enter(run)->openat(fd, "file", O_RDONLY));
	result(run, "openat", enter(run)->openat(900, "file", O_RDONLY));
	descriptor(run, "openat", enter(run)->openat(900, "/dev/null", O_RDONLY));
	check(run, unlinkat(folder, "file", 0) == 0 && rmdir(path) == 0);
}

int main(void)
{
	static const struct scenario scenarios[] = {{"in a folder", in_a_folder}};
	static const struct opening verb = {open_it};

	opening_add(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("openat");
}
