/* signalwait.c - pause: waiting for a handler to run. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "readycall.h"

#include <errno.h>

int co_pause(void)
{
	int error = errno, r;

	if (!ready_begin())
		return pause();
	do {
		r = co__wait_until(DUE_NEVER, WAIT_SIGNALS | WAIT_NO_RESTART);
	} while (r == -ERESTART);
	return ready_end(r, error);
}
