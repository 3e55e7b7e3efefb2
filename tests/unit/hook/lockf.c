/* lockf.c - lockf(3) through libc and through its mirror. */
#include "harness/filelocking.h"
#include "harness/scenario.h"

static int lock(struct run *run, int fd)
{
	return (int)result(run, "lockf", enter(run)->lockf(fd, F_LOCK, 0));
}

static int hold(int fd)
{
	return lockf(fd, F_LOCK, 0);
}

static int attempt(int fd)
{
	return lockf(fd, F_TLOCK, 0);
}

static int lock_as(const struct calls *calls, int fd)
{
	return calls->lockf(fd, F_LOCK, 0);
}

static void sections(struct run *run)
{
	struct lockfile file = lockfile_make(run);

	result(run, "lockf", enter(run)->lockf(file.fd, F_LOCK, 4));
	took_no_wait(run);
	check(run, lseek(file.fd, 6, SEEK_SET) == 6);
	result(run, "lockf", enter(run)->lockf(file.fd, F_LOCK, -2));
	result(run, "lockf", enter(run)->lockf(file.fd, F_TEST, 0));
	result(run, "lockf", enter(run)->lockf(file.fd, F_TLOCK, 4));
	result(run, "lockf", enter(run)->lockf(file.fd, F_ULOCK, 0));
	note(run, "position %ld", (long)lseek(file.fd, 0, SEEK_CUR));
	lockfile_remove(run, &file);
}

static void malformed(struct run *run)
{
	struct lockfile file = lockfile_make(run);
	int fd = keep(run, run->calls->open(file.path, O_RDONLY));

	result(run, "lockf", enter(run)->lockf(fd, F_LOCK, 0));
	result(run, "lockf", enter(run)->lockf(file.fd, F_LOCK, -5));
	result(run, "lockf", enter(run)->lockf(file.fd, 99, 0));
	lockfile_remove(run, &file);
}

int main(void)
{
	static const struct filelocking verb = {lock, hold, attempt, lock_as, true};
	static const struct scenario scenarios[] = {
		{"sections", sections},
		{"malformed", malformed},
	};

	filelocking_add(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("lockf");
}
