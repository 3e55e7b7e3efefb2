/* closing.c - close_range, closefrom and closedir: descriptors that end otherwise than by
 * close(2).
 *
 * As it does, they tell every waiter before the numbers can be used again. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../fdtab.h"
#include "../worker.h"

#include <errno.h>
#include <limits.h>
#include <linux/close_range.h>

enum { OWN_MOST = 400 };

/* What is known of the numbers from FIRST to LAST ends now. Entries that foreign code
 * fills meanwhile are not ours to look after. */
static void begin(int first, int last)
{
	for (int fd = first; co__fd_next(&fd) && fd <= last; fd++)
		co__fd_close_begin(fd);
}

/* The generation that begin() left is the current one unless the number is in use
 * again. */
static void done(int first, int last)
{
	struct fd_entry *e;

	for (int fd = first; (e = co__fd_next(&fd)) && fd <= last; fd++)
		if (fd_flags(e) & FD_CLOSING)
			co__fd_close_done(fd, fd_generation(e));
}

/* What the workers' loops rest on stays: no program knows of it, and none could go on
 * without. */
static int close_around(unsigned first, unsigned last, int flags)
{
	int own[OWN_MOST];
	size_t n = co__worker_descriptors(own, OWN_MOST);

	for (size_t i = 0; i < n && (unsigned)own[i] <= last; i++) {
		const unsigned fd = (unsigned)own[i];
		if (fd < first)
			continue;
		if (fd > first && close_range(first, fd - 1, flags) < 0)
			return -1;
		first = fd + 1;
	}
	return first > last ? 0 : close_range(first, last, flags);
}

int co_close_range(unsigned first, unsigned last, int flags)
{
	const int from = (int)first, to = last > INT_MAX ? INT_MAX : (int)last;
	int r, error;

	if (first > last || first > INT_MAX || flags & ~(int)CLOSE_RANGE_UNSHARE)
		return close_range(first, last, flags);
	begin(from, to);
	r = close_around(first, last, flags);
	error = errno;
	done(from, to);
	errno = error;
	return r;
}

void co_closefrom(int first)
{
	if (first < 0)
		first = 0;
	begin(first, INT_MAX);
	if (close_around((unsigned)first, UINT_MAX, 0) < 0) /* the kernel is too old */
		closefrom(first);
	done(first, INT_MAX);
}

/* libc says that nobody passes NULL, and yet answers EINVAL. */
static __attribute__((noinline)) int descriptor_of(DIR *folder)
{
	return folder ? dirfd(folder) : -1;
}

int co_closedir(DIR *folder)
{
	int fd = descriptor_of(folder);
	uint32_t generation = co__fd_close_begin(fd);
	int r = closedir(folder), error = errno;

	co__fd_close_done(fd, generation);
	errno = error;
	return r;
}
