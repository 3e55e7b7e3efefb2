/* filecalls.c - the functions by which musl reads and writes beneath a FILE, cooperative.
 *
 * musl's FILE holds pointers to them. A stream whose descriptor may wait gets ours as soon as a fiber uses
 * it; all the rest stays libc's code, which has the stream locked for the whole call. Invariant: the running
 * fiber waits in here only for the stream that its mirror was called with. At exit, and in fflush(NULL),
 * libc has locked more than that one. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../fdtab.h"
#include "stream.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/uio.h>

static atomic_bool ending;

/* Whether the running fiber has called libc on FP, and may let others run. */
static bool is_in(const FILE *fp)
{
	return co__ctx.self && co__ctx.self->stream == fp && !atomic_load(&ending);
}

/* N bytes for the caller: but for the last of them, straight; the last and more through the buffer, if there
 * is one, which the next calls take from. */
static size_t read_beneath(FILE *fp, unsigned char *to, size_t n)
{
	struct file_layout *f = file_layout(fp);
	size_t straight = f->buffer_size ? n - 1 : n;
	struct iovec parts[] = {{to, straight}, {f->buffer, f->buffer_size}};
	bool skip = straight == 0;
	ssize_t got;

	if (is_in(fp))
		got = co_readv(f->number, parts + skip, 2 - skip);
	else
		got = readv(f->number, parts + skip, 2 - skip);
	if (got <= 0) {
		f->flags |= got == 0 ? FILE_EOF : FILE_ERROR;
		return 0;
	}
	if ((size_t)got <= straight)
		return (size_t)got;
	f->read_at = f->buffer;
	f->read_end = f->buffer + ((size_t)got - straight);
	to[n - 1] = *f->read_at++;
	return n;
}

static ssize_t write_once(FILE *fp, const struct iovec *parts, int count)
{
	int fd = file_number(fp);

	return is_in(fp) ? co_writev(fd, parts, count) : writev(fd, parts, count);
}

/* What the buffer holds, and then N bytes of the caller; how many of those. */
static size_t write_beneath(FILE *fp, const unsigned char *from, size_t n)
{
	struct file_layout *f = file_layout(fp);
	struct iovec parts[] = {
		{f->write_base, (size_t)(f->write_at - f->write_base)}, {(void *)from, n}};
	size_t left = parts[0].iov_len + n;
	int first = 0;

	if (!is_in(fp) && co__stream_is_others(fp))
		return n; /* who is writing it goes on with that */
	while (left > 0) {
		ssize_t put = write_once(fp, parts + first, 2 - first);
		if (put < 0) {
			f->write_at = f->write_base = f->write_end = NULL;
			f->flags |= FILE_ERROR;
			return first == 0 ? 0 : n - parts[1].iov_len;
		}
		left -= (size_t)put;
		if (first == 0 && (size_t)put >= parts[0].iov_len) {
			put -= (ssize_t)parts[0].iov_len;
			first = 1;
		}
		parts[first].iov_base = (char *)parts[first].iov_base + put;
		parts[first].iov_len -= (size_t)put;
	}
	f->write_end = f->buffer + f->buffer_size;
	f->write_at = f->write_base = f->buffer;
	return n;
}

/* stdout finds out at its first write whether it is a terminal: with our function in place, here. */
static void choose_buffering(FILE *fp)
{
	struct file_layout *f = file_layout(fp);
	int error = errno;

	if (fp == stdout && !(f->flags & FILE_BUFFERING_CHOSEN) && !isatty(f->number))
		f->line_end = -1;
	errno = error;
}

bool co__stream_waits_now(FILE *fp)
{
	struct file_layout *f = file_layout(fp);

	if (!co__self() || !co__stream_waits(fp))
		return false;
	co__ctx.self->stream = fp;
	if (f->read != read_beneath)
		f->read = read_beneath;
	if (f->write != write_beneath) {
		choose_buffering(fp);
		f->write = write_beneath;
	}
	return false;
}

void co__stream_leave(void)
{
	if (co__self())
		co__ctx.self->stream = NULL;
}

__attribute__((destructor)) static void end(void)
{
	atomic_store(&ending, true);
}
