/* preadv.c - preadv(2) through libc and through its mirror: one buffer in two parts. */
#include "harness/positioned.h"
#include "harness/scenario.h"

#include <limits.h>

static ssize_t take(struct run *run, int fd, void *buf, size_t size, off_t at)
{
	const struct iovec iov[] = {
		{buf, size / 2}, {(char *)buf + size / 2, size - size / 2}};

	return result(run, "preadv", enter(run)->preadv(fd, iov, 2, at));
}

/* The compiler would know better. */
static const volatile int counts[] = {0, -1, IOV_MAX + 1};

static void bad_arrays(struct run *run)
{
	char byte;
	const struct iovec iov[] = {{&byte, 1}, {nowhere(), 1}};
	int fd = file_with(run, "twelve bytes", 0);

	result(run, "preadv", enter(run)->preadv(fd, iov, 2, 0));
	for (size_t i = 0; i < COUNT(counts); i++)
		result(run, "preadv", enter(run)->preadv(fd, iov, counts[i], 0));
	result(run, "preadv", enter(run)->preadv(fd, nowhere(), 2, 0));
	note_file(run, fd);
}

int main(void)
{
	static const struct positioned verb = {.take = take};
	static const struct scenario scenarios[] = {{"bad arrays", bad_arrays}};

	positioned_add(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("preadv");
}
