/* popen.c - popen, pclose.
 *
 * The stream is libc's own, so whoever knows it may use it, and libc's pclose has the
 * last word. What waits is done before: the end of the pipe is put away, then the fiber
 * waits for the child and leaves it to libc. Streams whose child is not known go to the
 * pool. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../fdtab.h"
#include "../forkhold.h"
#include "../list.h"
#include "../loop/offload.h"
#include "child.h"
#include "filelayout.h"
#include "readycall.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio_ext.h>
#include <stdlib.h>

struct command {
	struct list link;
	FILE *stream;
	pid_t pid;
};

static struct {
	struct lock lock;
	struct list all;
} commands[1] = {{.all = {&commands->all, &commands->all}}};
static struct fork_hold hold = FORK_HOLD(commands, lock);

__attribute__((constructor)) static void watch_forks(void)
{
	co__fork_hold(&hold);
}

#ifdef __GLIBC__

/* libc's structure for such a stream has the pid behind what all streams have. */
static pid_t child_of(FILE *stream)
{
	return *(const pid_t *)((const char *)stream + sizeof(FILE) + sizeof(void *));
}

#else

static pid_t child_of(FILE *stream)
{
	return file_layout(stream)->child;
}

#endif

static bool is_child(pid_t pid)
{
	siginfo_t info;

	return pid > 0 &&
	       waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

/* Take out what is known of STREAM, or NULL. */
static struct command *take(FILE *stream)
{
	struct command *found = NULL;

	lock_take(&commands->lock);
	for (struct list *link = commands->all.next; link != &commands->all && !found;
		link = link->next) {
		struct command *c = LIST_OWNER(link, struct command, link);
		if (c->stream == stream)
			found = c;
	}
	if (found)
		list_remove(&found->link);
	lock_drop(&commands->lock);
	return found;
}

/* An older one of that name was closed by fclose(3). */
static void remember(FILE *stream)
{
	struct command *c = take(stream);

	if (!c)
		c = malloc(sizeof(*c));
	if (!c)
		return;
	*c = (struct command){.stream = stream, .pid = child_of(stream)};
	lock_take(&commands->lock);
	list_insert(&commands->all, &c->link);
	lock_drop(&commands->lock);
}

FILE *co_popen(const char *line, const char *mode)
{
	FILE *stream = popen(line, mode);
	int error = errno;
	struct fd_entry *e;

	if (!stream)
		return NULL;
	e = co__fd_entry(fileno(stream));
	if (e)
		co__fd_mistaken(e); /* whatever had the number before */
	if (is_child(child_of(stream)))
		remember(stream);
	errno = error;
	return stream;
}

/* --- the end --------------------------------------------------------------------------------------- */

struct flush {
	struct ready ready;
	struct pollfd pipe;
};

static int look(struct ready *ready, const sigset_t *mask)
{
	struct flush *f = LIST_OWNER(ready, struct flush, ready);

	(void)mask;
	return ready->closed ? 1 : poll(&f->pipe, 1, 0);
}

static void wait_for_room(FILE *stream)
{
	struct flush f = {.pipe = {fileno(stream), POLLOUT, 0}};

	f.ready.fds = &f.pipe;
	f.ready.n = 1;
	f.ready.due = DUE_NEVER;
	f.ready.how = WAIT_DEAF;
	f.ready.look = look;
	co__ready_wait(&f.ready);
}

static long plain_flush(void *arg)
{
	return fflush(arg);
}

/* A pipe that has room has it for PIPE_BUF bytes. 0 or -errno. */
static int flush(FILE *stream)
{
	const size_t pending = __fpending(stream);
	int r = 0;

	if (pending > PIPE_BUF)
		r = (int)co__offload(plain_flush, stream);
	else if (pending > 0) {
		wait_for_room(stream);
		r = fflush(stream);
	}
	return r == 0 ? 0 : -errno;
}

/* The child sees the end of the pipe; the stream keeps a number that harms nobody. */
static bool put_away(int fd)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	bool done = null >= 0 && dup3(null, fd, O_CLOEXEC) >= 0;

	if (null >= 0)
		close(null);
	return done;
}

static long plain_pclose(void *arg)
{
	return pclose(arg);
}

static int close_command(FILE *stream, pid_t pid)
{
	const int fd = fileno(stream), flushed = flush(stream);
	const uint32_t generation = co__fd_close_begin(fd);
	int r;

	if (put_away(fd)) {
		co__child_await(pid, WAIT_DEAF);
		r = pclose(stream);
	} else
		r = (int)co__offload(plain_pclose, stream);
	co__fd_close_done(fd, generation);
	if (r == 0 && flushed < 0) {
		errno = -flushed;
		return -1;
	}
	return r;
}

int co_pclose(FILE *stream)
{
	struct command *c = take(stream);
	pid_t pid = c && c->pid == child_of(stream) ? c->pid : 0;
	int error = errno, r;

	free(c);
	if (!co__self())
		return pclose(stream);
	if (!pid)
		return (int)co__offload(plain_pclose, stream);
	r = close_command(stream, pid);
	if (r >= 0)
		errno = error;
	return r;
}
