/* stdio_file.c - fopen, freopen, fclose, fseek and their kin: where streams begin, end and
 * move.
 *
 * What is left in the buffer is written before libc's call, which then has nothing to wait
 * for. The descriptor table hears of every number that comes and goes. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../fdtab.h"
#include "../loop/offload.h"
#include "filebuf.h"
#include "stream.h"

#include <errno.h>
#include <sys/stat.h>

/* --- opening ------------------------------------------------------------------------------------------ */

struct opening {
	const char *path, *mode;
	FILE *reopened; /* NULL for fopen */
	FILE *fp;
};

static long open_now(void *arg)
{
	struct opening *o = arg;

	o->fp = o->reopened ? freopen(o->path, o->mode, o->reopened)
			    : fopen(o->path, o->mode);
	return 0;
}

/* A FIFO is opened when its other end is. Nothing tells when that happens, so a thread of
 * the pool waits. */
static bool is_fifo(const char *path)
{
	struct stat st;
	int error = errno;
	bool fifo = path && stat(path, &st) == 0 && S_ISFIFO(st.st_mode);

	errno = error;
	return fifo;
}

static FILE *open_stream(struct opening *o)
{
	int error;

	if (stream_fiber() && is_fifo(o->path))
		co__offload(open_now, o);
	else
		open_now(o);
	if (o->fp) {
		error = errno;
		co__fd_opened(fileno(o->fp), FD_UNKNOWN, 0);
		errno = error;
	}
	return o->fp;
}

FILE *co_fopen(const char *restrict path, const char *restrict mode)
{
	struct opening o = {.path = path, .mode = mode};

	return open_stream(&o);
}

/* off_t has 64 bits either way. */
__typeof__(fopen) co_fopen64 __attribute__((alias("co_fopen")));

/* --- writing what is left ----------------------------------------------------------------------------- */

#ifdef __GLIBC__

static ssize_t drain(FILE *fp, void *arg)
{
	(void)arg;
	if (file_unwritten(fp) > 0 && co__stream_waits_now(fp) && !co__file_flush(fp))
		return EOF;
	return 0;
}

#else

static ssize_t drain(FILE *fp, void *arg)
{
	(void)arg;
	co__stream_waits_now(fp);
	return file_unwritten(fp) > 0 ? fflush_unlocked(fp) : 0;
}

#endif

/* 0, or the error. */
static int drain_stream(FILE *fp)
{
	int error = errno, failure = 0;

	if (stream_fiber() && co__stream_with(fp, drain, NULL) == EOF)
		failure = errno;
	errno = error;
	return failure;
}

/* Negative where there is none, which is no error here. */
static int number_of(FILE *fp)
{
	int error = errno;
	int fd = fileno_unlocked(fp);

	errno = error;
	return fd;
}

/* An error of the last write is the call's, also if the descriptor could be closed. */
int co_fclose(FILE *fp)
{
	int failure = drain_stream(fp);
	int fd = number_of(fp);
	uint32_t generation = co__fd_close_begin(fd);
	int r = fclose(fp);
	int error = errno;

	co__fd_close_done(fd, generation);
	errno = r == 0 && failure ? failure : error;
	return failure ? EOF : r;
}

FILE *co_freopen(const char *restrict path, const char *restrict mode, FILE *restrict fp)
{
	struct opening o = {.path = path, .mode = mode, .reopened = fp};
	uint32_t generation;
	FILE *r;
	int fd, error;

	drain_stream(fp);
	fd = number_of(fp);
	generation = co__fd_close_begin(fd);
	r = open_stream(&o);
	error = errno;
	co__fd_close_done(fd, generation);
	errno = error;
	return r;
}

__typeof__(freopen) co_freopen64 __attribute__((alias("co_freopen")));

/* --- moving ------------------------------------------------------------------------------------------- */

struct move {
	int (*call)(FILE *fp, const struct move *move);
	off_t offset;
	int whence;
	const fpos_t *position;
};

static int by_fseeko(FILE *fp, const struct move *m)
{
	return fseeko(fp, m->offset, m->whence);
}

static int by_fsetpos(FILE *fp, const struct move *m)
{
	return fsetpos(fp, m->position);
}

static ssize_t move_drained(FILE *fp, void *arg)
{
	const struct move *m = arg;

	return drain(fp, NULL) == EOF ? -1 : m->call(fp, m);
}

static int move(FILE *fp, const struct move *m)
{
	if (stream_fiber())
		return (int)co__stream_with(fp, move_drained, (void *)m);
	return m->call(fp, m);
}

int co_fseeko(FILE *fp, off_t offset, int whence)
{
	return move(fp, &(struct move){by_fseeko, offset, whence, NULL});
}

int co_fseek(FILE *fp, long offset, int whence)
{
	return co_fseeko(fp, offset, whence);
}

int co_fsetpos(FILE *fp, const fpos_t *position)
{
	return move(fp, &(struct move){by_fsetpos, 0, 0, position});
}

__typeof__(fseeko) co_fseeko64 __attribute__((alias("co_fseeko")));
__typeof__(fsetpos) co_fsetpos64 __attribute__((alias("co_fsetpos")));

static ssize_t rewind_drained(FILE *fp, void *arg)
{
	(void)arg;
	if (drain(fp, NULL) == EOF) /* nothing moves then, nor has the stream an error */
		clearerr_unlocked(fp);
	else
		rewind(fp);
	return 0;
}

void co_rewind(FILE *fp)
{
	if (stream_fiber())
		co__stream_with(fp, rewind_drained, NULL);
	else
		rewind(fp);
}
