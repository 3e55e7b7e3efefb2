/* stdio_in.c - fgetc, fgets, getdelim, fread and their kin.
 *
 * What the buffer holds is taken without further ado. Beyond that libc reads files on
 * disk by itself, and streams that wait are filled by co__file_fill(). The unlocked forms
 * are the same without the lock. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "filebuf.h"
#include "stream.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Have FP if N bytes of it can be taken at once. */
static bool try_unread(FILE *fp, size_t n)
{
	if (!stream_try(fp))
		return false;
	if (file_unread(fp) >= n)
		return true;
	stream_done(fp);
	return false;
}

/* --- one byte ----------------------------------------------------------------------------------------- */

static ssize_t get_one(FILE *fp, void *arg)
{
	(void)arg;
	if (file_unread(fp) == 0 && co__stream_waits_now(fp) && !co__file_fill(fp))
		return EOF;
	return getc_unlocked(fp);
}

int co_fgetc(FILE *fp)
{
	int c;

	if (!stream_fiber())
		return fgetc(fp);
	if (!try_unread(fp, 1))
		return (int)co__stream_with(fp, get_one, NULL);
	c = getc_unlocked(fp);
	stream_done(fp);
	return c;
}

int co_fgetc_unlocked(FILE *fp)
{
	if (!stream_fiber() || file_unread(fp) > 0)
		return getc_unlocked(fp);
	return (int)get_one(fp, NULL);
}

__typeof__(getc) co_getc __attribute__((alias("co_fgetc")));
__typeof__(getc_unlocked) co_getc_unlocked __attribute__((alias("co_fgetc_unlocked")));

int co_getchar(void)
{
	return co_fgetc(stdin);
}

int co_getchar_unlocked(void)
{
	return co_fgetc_unlocked(stdin);
}

static ssize_t put_back(FILE *fp, void *arg)
{
	return ungetc(*(int *)arg, fp);
}

int co_ungetc(int c, FILE *fp)
{
	int r;

	if (!stream_fiber())
		return ungetc(c, fp);
	if (!stream_try(fp))
		return (int)co__stream_with(fp, put_back, &c);
	r = ungetc(c, fp);
	stream_done(fp);
	return r;
}

/* --- lines -------------------------------------------------------------------------------------------- */

#ifdef __GLIBC__

/* The bytes up to DELIMITER, of N at most; AT_END: with it. */
static size_t span(const FILE *fp, int delimiter, size_t n, bool *at_end)
{
	size_t have = file_unread(fp) < n ? file_unread(fp) : n;
	const char *end = have ? memchr(fp->_IO_read_ptr, delimiter, have) : NULL;

	*at_end = end;
	return end ? (size_t)(end - fp->_IO_read_ptr) + 1 : have;
}

struct line {
	char *buf;
	int n;
};

static size_t collect_line(FILE *fp, char *buf, size_t n)
{
	size_t got = 0, part;
	bool at_end = false;

	while (got < n && !at_end) {
		if (file_unread(fp) == 0 && !co__file_fill(fp))
			break;
		part = span(fp, '\n', n - got, &at_end);
		memcpy(buf + got, fp->_IO_read_ptr, part);
		fp->_IO_read_ptr += part;
		got += part;
	}
	return got;
}

/* An error in the middle of a line fails the call, but for EAGAIN, which the next one will
 * see again: glibc's habit. */
static ssize_t get_line(FILE *fp, void *arg)
{
	const struct line *line = arg;
	int before;
	size_t got;
	bool failed;

	if (!co__stream_waits_now(fp))
		return fgets_unlocked(line->buf, line->n, fp) != NULL;
	before = fp->_flags & FILE_ERROR;
	fp->_flags &= ~FILE_ERROR;
	got = collect_line(fp, line->buf, (size_t)line->n - 1);
	failed = got == 0 || (fp->_flags & FILE_ERROR && errno != EAGAIN);
	if (!failed)
		line->buf[got] = '\0';
	fp->_flags |= before;
	return !failed;
}

/* The next line, or N - 1 bytes of it, if the buffer has them. */
static bool take_line(FILE *fp, char *buf, int n)
{
	bool at_end;
	size_t part = span(fp, '\n', (size_t)n - 1, &at_end);

	if (!at_end && part < (size_t)n - 1)
		return false;
	memcpy(buf, fp->_IO_read_ptr, part);
	fp->_IO_read_ptr += part;
	buf[part] = '\0';
	return true;
}

static bool get_line_quickly(char *buf, int n, FILE *fp)
{
	bool taken;

	if (!stream_try(fp))
		return false;
	taken = take_line(fp, buf, n);
	stream_done(fp);
	return taken;
}

char *co_fgets(char *restrict buf, int n, FILE *restrict fp)
{
	struct line line = {buf, n};

	if (n <= 1 || !stream_fiber())
		return fgets(buf, n, fp);
	if (get_line_quickly(buf, n, fp))
		return buf;
	return co__stream_with(fp, get_line, &line) ? buf : NULL;
}

char *co_fgets_unlocked(char *restrict buf, int n, FILE *restrict fp)
{
	struct line line = {buf, n};

	if (n <= 1 || !stream_fiber())
		return fgets_unlocked(buf, n, fp);
	return take_line(fp, buf, n) || get_line(fp, &line) ? buf : NULL;
}

/* --- lines of any length ------------------------------------------------------------------------------ */

struct record {
	char **buf;
	size_t *size;
	int delimiter;
};

/* Room for NEEDED bytes; generously, if it has to grow. */
static bool make_room(const struct record *r, size_t needed)
{
	char *larger;

	if (needed <= *r->size)
		return true;
	if (needed < 2 * *r->size)
		needed = 2 * *r->size;
	larger = realloc(*r->buf, needed);
	if (!larger)
		return false;
	*r->buf = larger;
	*r->size = needed;
	return true;
}

static ssize_t collect_record(FILE *fp, const struct record *r)
{
	size_t got = 0, part;
	bool at_end;

	do {
		part = span(fp, r->delimiter, SIZE_MAX, &at_end);
		if (part >= (size_t)SSIZE_MAX - got) {
			errno = EOVERFLOW;
			return -1;
		}
		if (!make_room(r, got + part + 1))
			return -1;
		memcpy(*r->buf + got, fp->_IO_read_ptr, part);
		fp->_IO_read_ptr += part;
		got += part;
	} while (!at_end && co__file_fill(fp));
	(*r->buf)[got] = '\0';
	return (ssize_t)got;
}

enum { FIRST_SIZE = 120 }; /* glibc's */

static ssize_t get_record(FILE *fp, void *arg)
{
	const struct record *r = arg;

	if (!co__stream_waits_now(fp))
		return getdelim(r->buf, r->size, r->delimiter, fp);
	if (ferror_unlocked(fp))
		return -1;
	if (!*r->buf || *r->size == 0) {
		char *first =
			malloc(FIRST_SIZE); /* a buffer of no size may be none at all */
		if (!first)
			return -1;
		*r->buf = first;
		*r->size = FIRST_SIZE;
	}
	if (file_unread(fp) == 0 && !co__file_fill(fp))
		return -1;
	return collect_record(fp, r);
}

/* The record is in the buffer. */
static bool get_record_quickly(const struct record *r, FILE *fp, ssize_t *got)
{
	bool at_end;

	if (!stream_try(fp))
		return false;
	span(fp, r->delimiter, SIZE_MAX, &at_end);
	if (at_end)
		*got = getdelim(r->buf, r->size, r->delimiter, fp);
	stream_done(fp);
	return at_end;
}

ssize_t co_getdelim(
	char **restrict buf, size_t *restrict size, int delimiter, FILE *restrict fp)
{
	struct record r = {buf, size, delimiter};
	ssize_t got;

	if (!buf || !size || !stream_fiber())
		return getdelim(buf, size, delimiter, fp);
	if (get_record_quickly(&r, fp, &got))
		return got;
	return co__stream_with(fp, get_record, &r);
}

#else

struct line {
	char *buf;
	int n;
};

static ssize_t get_line(FILE *fp, void *arg)
{
	const struct line *line = arg;

	co__stream_waits_now(fp);
	return fgets_unlocked(line->buf, line->n, fp) != NULL;
}

char *co_fgets(char *restrict buf, int n, FILE *restrict fp)
{
	struct line line = {buf, n};

	if (n <= 1 || !stream_fiber())
		return fgets(buf, n, fp);
	return co__stream_with(fp, get_line, &line) ? buf : NULL;
}

char *co_fgets_unlocked(char *restrict buf, int n, FILE *restrict fp)
{
	return get_line(fp, &(struct line){buf, n}) ? buf : NULL;
}

struct record {
	char **buf;
	size_t *size;
	int delimiter;
};

static ssize_t get_record(FILE *fp, void *arg)
{
	const struct record *r = arg;

	co__stream_waits_now(fp);
	return getdelim(r->buf, r->size, r->delimiter, fp);
}

ssize_t co_getdelim(
	char **restrict buf, size_t *restrict size, int delimiter, FILE *restrict fp)
{
	struct record r = {buf, size, delimiter};

	if (!stream_fiber())
		return getdelim(buf, size, delimiter, fp);
	return co__stream_with(fp, get_record, &r);
}

#endif

__typeof__(getdelim) co___getdelim __attribute__((alias("co_getdelim")));

ssize_t co_getline(char **restrict buf, size_t *restrict size, FILE *restrict fp)
{
	return co_getdelim(buf, size, '\n', fp);
}

/* --- blocks ------------------------------------------------------------------------------------------- */

struct block {
	void *to;
	size_t size, n;
};

static ssize_t get_block(FILE *fp, void *arg)
{
	const struct block *b = arg;
	size_t asked = b->size * b->n, got;

	if (!co__stream_waits_now(fp))
		return (ssize_t)fread_unlocked(b->to, b->size, b->n, fp);
	got = co__file_get(fp, b->to, asked);
	return (ssize_t)(got == asked ? b->n : got / b->size);
}

size_t co_fread(void *restrict to, size_t size, size_t n, FILE *restrict fp)
{
	struct block b = {to, size, n};
	size_t got;

	if (size * n == 0 || !stream_fiber())
		return fread(to, size, n, fp);
	if (!try_unread(fp, size * n))
		return (size_t)co__stream_with(fp, get_block, &b);
	got = fread_unlocked(to, size, n, fp);
	stream_done(fp);
	return got;
}

size_t co_fread_unlocked(void *restrict to, size_t size, size_t n, FILE *restrict fp)
{
	struct block b = {to, size, n};

	if (size * n == 0 || !stream_fiber() || file_unread(fp) >= size * n)
		return fread_unlocked(to, size, n, fp);
	return (size_t)get_block(fp, &b);
}
