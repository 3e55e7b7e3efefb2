/* terminal.c - tcdrain: waiting until a terminal has sent what was written.
 *
 * No event tells of that, so it is looked for; the last characters, which are in the
 * hardware, are left to the kernel's own call. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "readycall.h"

#include <errno.h>

static const uint64_t drain_pause = 5 * NS_PER_MS;

static bool has_output(int fd)
{
	int n = 0;

	return ioctl(fd, TIOCOUTQ, &n) == 0 && n > 0;
}

int co_tcdrain(int fd)
{
	int error = errno, r = 0;

	if (!ready_begin())
		return tcdrain(fd);
	while ((r == 0 || r == -ETIME || r == -ERESTART) && has_output(fd))
		r = co__wait_until(
			due_after(drain_pause), WAIT_SIGNALS | WAIT_NO_RESTART);
	if (r < 0 && r != -ETIME && r != -ERESTART)
		return ready_end(r, error);
	errno = error;
	return tcdrain(fd);
}
