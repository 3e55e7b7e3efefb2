/* closing.c - close_range and closefrom: many descriptors end at once.
 *
 * As close(2) does, they tell every waiter before the numbers can be used again. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../fdtab.h"

#include <errno.h>
#include <limits.h>
#include <linux/close_range.h>

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

int co_close_range(unsigned first, unsigned last, int flags)
{
	const int from = (int)first, to = last > INT_MAX ? INT_MAX : (int)last;
	int r, error;

	if (first > last || first > INT_MAX || flags & ~(int)CLOSE_RANGE_UNSHARE)
		return close_range(first, last, flags);
	begin(from, to);
	r = close_range(first, last, flags);
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
	closefrom(first);
	done(first, INT_MAX);
}
