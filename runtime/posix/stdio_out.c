/* stdio_out.c - fputc, fputs, puts, fwrite, fflush and their kin.
 *
 * What fits into the buffer of a fully buffered stream is libc's affair. Beyond that libc
 * writes files on disk by itself, and streams that wait are written by co__file_put() and
 * co__file_flush(). The unlocked forms are the same without the lock. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../critical.h"
#include "filebuf.h"
#include "stream.h"

#include <errno.h>
#include <limits.h>
#include <stdio_ext.h>
#include <string.h>

/* Have FP if N bytes can be put without anything being written. */
static bool try_room(FILE *fp, size_t n)
{
	if (!stream_try(fp))
		return false;
	if (file_room(fp) >= n)
		return true;
	stream_done(fp);
	return false;
}

/* --- one byte ----------------------------------------------------------------------------------------- */

static ssize_t put_one(FILE *fp, void *arg)
{
	int c = *(int *)arg;

	if (co__stream_waits_now(fp))
		return co__file_put_one(fp, (unsigned char)c);
	return putc_unlocked(c, fp);
}

int co_fputc(int c, FILE *fp)
{
	int r;

	if (!stream_fiber())
		return fputc(c, fp);
	if (!try_room(fp, 1))
		return (int)co__stream_with(fp, put_one, &c);
	r = putc_unlocked(c, fp);
	stream_done(fp);
	return r;
}

int co_fputc_unlocked(int c, FILE *fp)
{
	if (!stream_fiber() || file_room(fp) > 0)
		return putc_unlocked(c, fp);
	return (int)put_one(fp, &c);
}

__typeof__(putc) co_putc __attribute__((alias("co_fputc")));
__typeof__(putc_unlocked) co_putc_unlocked __attribute__((alias("co_fputc_unlocked")));

int co_putchar(int c)
{
	return co_fputc(c, stdout);
}

int co_putchar_unlocked(int c)
{
	return co_fputc_unlocked(c, stdout);
}

/* --- text --------------------------------------------------------------------------------------------- */

static ssize_t put_text(FILE *fp, void *arg)
{
	const char *text = arg;
	size_t n;

	if (!co__stream_waits_now(fp))
		return fputs_unlocked(text, fp);
	n = strlen(text);
	return co__file_put(fp, text, n) == (ssize_t)n ? 1 : EOF;
}

int co_fputs(const char *restrict text, FILE *restrict fp)
{
	int r;

	if (!stream_fiber())
		return fputs(text, fp);
	if (!try_room(fp, strlen(text)))
		return (int)co__stream_with(fp, put_text, (void *)text);
	r = fputs_unlocked(text, fp);
	stream_done(fp);
	return r;
}

int co_fputs_unlocked(const char *restrict text, FILE *restrict fp)
{
	if (!stream_fiber() || file_room(fp) >= strlen(text))
		return fputs_unlocked(text, fp);
	return (int)put_text(fp, (void *)text);
}

static ssize_t put_line(FILE *fp, void *arg)
{
	const char *text = arg;
	size_t n;

	if (!co__stream_waits_now(fp))
		return puts(text);
	n = strlen(text);
	if (co__file_put(fp, text, n) != (ssize_t)n || co__file_put_one(fp, '\n') == EOF)
		return EOF;
	return n < INT_MAX ? (int)n + 1 : INT_MAX;
}

int co_puts(const char *text)
{
	FILE *fp = stdout;
	int r;

	if (!stream_fiber())
		return puts(text);
	if (!try_room(fp, strlen(text) + 1))
		return (int)co__stream_with(fp, put_line, (void *)text);
	r = puts(text);
	stream_done(fp);
	return r;
}

/* --- blocks ------------------------------------------------------------------------------------------- */

struct block {
	const void *from;
	size_t size, n;
};

static ssize_t put_block(FILE *fp, void *arg)
{
	const struct block *b = arg;
	size_t asked = b->size * b->n;
	ssize_t put;

	if (!co__stream_waits_now(fp))
		return (ssize_t)fwrite_unlocked(b->from, b->size, b->n, fp);
	put = co__file_put(fp, b->from, asked);
	if (put < 0 || (size_t)put == asked)
		return (ssize_t)b->n;
	return (ssize_t)((size_t)put / b->size);
}

size_t co_fwrite(const void *restrict from, size_t size, size_t n, FILE *restrict fp)
{
	struct block b = {from, size, n};
	size_t put;

	if (size * n == 0 || !stream_fiber())
		return fwrite(from, size, n, fp);
	if (!try_room(fp, size * n))
		return (size_t)co__stream_with(fp, put_block, &b);
	put = fwrite_unlocked(from, size, n, fp);
	stream_done(fp);
	return put;
}

size_t co_fwrite_unlocked(
	const void *restrict from, size_t size, size_t n, FILE *restrict fp)
{
	struct block b = {from, size, n};

	if (size * n == 0 || !stream_fiber() || file_room(fp) >= size * n)
		return fwrite_unlocked(from, size, n, fp);
	return (size_t)put_block(fp, &b);
}

/* --- flushing ----------------------------------------------------------------------------------------- */

/* What libc has to do beyond the writing does not wait. */
static ssize_t flush_one(FILE *fp, void *arg)
{
	(void)arg;
	if (co__stream_waits_now(fp) && !co__file_flush(fp))
		return EOF;
	return fflush_unlocked(fp);
}

#ifdef __GLIBC__

/* libc's list of all streams, as debuggers and libgcj have used it. */
extern FILE *_IO_iter_begin(void) __attribute__((weak));
extern FILE *_IO_iter_end(void) __attribute__((weak));
extern FILE *_IO_iter_next(FILE *at) __attribute__((weak));
extern void _IO_list_lock(void) __attribute__((weak));
extern void _IO_list_unlock(void) __attribute__((weak));

static bool holds_output(const FILE *fp)
{
	if (file_is_wide(fp))
		return __fwriting((FILE *)fp);
	return file_unwritten(fp) > 0;
}

/* The stream with output and the lowest address beyond AFTER: the list may change while
 * one of it is flushed. */
static FILE *next_with_output(const FILE *after)
{
	FILE *next = NULL;

	critical_begin(); /* a handler that jumps away would leave the list locked */
	_IO_list_lock();
	for (FILE *fp = _IO_iter_begin(); fp != _IO_iter_end(); fp = _IO_iter_next(fp))
		if (fp > after && (!next || fp < next) && holds_output(fp))
			next = fp;
	_IO_list_unlock();
	critical_end();
	return next;
}

/* As libc does, streams that others have are waited for; but only if they hold output. */
static int flush_all(void)
{
	int r = 0;

	if (!_IO_iter_begin || !_IO_list_lock)
		return fflush(NULL);
	for (FILE *fp = NULL; (fp = next_with_output(fp));)
		if (co__stream_with(fp, flush_one, NULL) == EOF)
			r = EOF;
	return r;
}

#else

/* There is no list. What other fibers are writing they write, see filecalls.c. */
static int flush_all(void)
{
	co__stream_leave();
	return fflush(NULL);
}

#endif

int co_fflush(FILE *fp)
{
	if (!stream_fiber())
		return fflush(fp);
	return fp ? (int)co__stream_with(fp, flush_one, NULL) : flush_all();
}

int co_fflush_unlocked(FILE *fp)
{
	if (!stream_fiber())
		return fflush_unlocked(fp);
	return fp ? (int)flush_one(fp, NULL) : flush_all();
}
