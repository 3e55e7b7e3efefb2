/* stdio_lock.c - flockfile, ftrylockfile, funlockfile: a fiber's, where libc knows the
 * thread alone. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "stream.h"

void co_flockfile(FILE *fp)
{
	if (stream_fiber())
		co__stream_lock(fp);
	else
		flockfile(fp);
}

int co_ftrylockfile(FILE *fp)
{
	if (!stream_fiber())
		return ftrylockfile(fp);
	if (co__stream_try_lock(fp))
		return 0;
	co__turn(
		co__ctx.worker); /* a loop around it would keep the holder from running */
	return -1;
}

void co_funlockfile(FILE *fp)
{
	if (stream_fiber())
		co__stream_unlock(fp);
	else
		funlockfile(fp);
}
