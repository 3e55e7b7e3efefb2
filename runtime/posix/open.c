/* open.c - open, openat, creat.
 *
 * The open of a FIFO waits for its other end, that of a serial line for its carrier: a
 * stand-in waits in the kernel, so that the other side sees what it would of a thread.
 * All else is opened right here, since a change of threads costs ten times as much as the
 * call. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../cancel.h"
#include "../fdtab.h"
#include "../standin.h"
#include "../wait.h"

#include <errno.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

struct opening {
	int folder;
	const char *path;
	int flags;
	mode_t mode;
};

static long open_plainly(void *arg)
{
	const struct opening *o = arg;

	return openat(o->folder, o->path, o->flags, o->mode);
}

/* Memory, /dev/tty and its kind, pseudo-terminals. */
static bool opens_at_once(dev_t device)
{
	return major(device) == 1 || major(device) == 5 ||
	       (major(device) >= 136 && major(device) <= 143);
}

/* Flags with which no open waits. */
static bool never_waits(int flags)
{
	return flags & (O_NONBLOCK | O_PATH | O_DIRECTORY) ||
	       (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
}

static bool may_wait(const struct opening *o)
{
	struct stat st;
	int error = errno, r;

	if (never_waits(o->flags))
		return false;
	r = fstatat(
		o->folder, o->path, &st, o->flags & O_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0);
	errno = error;
	if (r < 0)
		return false;
	if (S_ISFIFO(st.st_mode))
		return (o->flags & O_ACCMODE) != O_RDWR;
	return S_ISCHR(st.st_mode) && !opens_at_once(st.st_rdev);
}

static int open_any(struct opening *o)
{
	int fd;

	if (co__self())
		co__cancel_point(co__ctx.self);
	if (co__self() && may_wait(o))
		fd = (int)co__standin_call(open_plainly, o, WAIT_SIGNALS);
	else
		fd = (int)open_plainly(o);
	return co__fd_opened(fd, FD_UNKNOWN, 0);
}

/* The argument after FLAGS is there only with these. */
static bool has_mode(int flags)
{
	return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
}

int co_openat(int folder, const char *path, int flags, ...)
{
	struct opening o = {folder, path, flags, 0};
	va_list list;

	va_start(list, flags);
	if (has_mode(flags))
		o.mode = va_arg(list, mode_t);
	va_end(list);
	return open_any(&o);
}

int co_open(const char *path, int flags, ...)
{
	struct opening o = {AT_FDCWD, path, flags, 0};
	va_list list;

	va_start(list, flags);
	if (has_mode(flags))
		o.mode = va_arg(list, mode_t);
	va_end(list);
	return open_any(&o);
}

int co_creat(const char *path, mode_t mode)
{
	return open_any(
		&(struct opening){AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode});
}

/* off_t has 64 bits either way. */
__typeof__(open) co_open64 __attribute__((alias("co_open")));
__typeof__(openat) co_openat64 __attribute__((alias("co_openat")));
__typeof__(creat) co_creat64 __attribute__((alias("co_creat")));
