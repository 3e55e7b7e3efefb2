/* daemon.c - daemon: a fork, and three descriptors that become others. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../fdtab.h"

#include <errno.h>

/* libc has put /dev/null there. */
static void forget_standard_streams(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		co__fd_close_done(fd, co__fd_close_begin(fd));
}

int co_daemon(int stays_here, int keeps_streams)
{
	const pid_t before = getpid();
	int r = daemon(stays_here, keeps_streams), error = errno;

	if (!keeps_streams && getpid() != before)
		forget_standard_streams();
	errno = error;
	return r;
}
