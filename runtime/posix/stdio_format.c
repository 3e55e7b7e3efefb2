/* stdio_format.c - the printf family.
 *
 * libc formats, into the stream's buffer where the text fits, else into memory, from where
 * it takes fwrite's way. The forms that _FORTIFY_SOURCE asks for are libc's checking ones
 * in the same place. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "filebuf.h"
#include "stdio_format.h"
#include "stream.h"

#include <errno.h>
#include <stdlib.h>

enum { UNCHECKED = -1 };

struct format {
	const char *format;
	va_list args;
	int check; /* libc's flag for the checking forms, or UNCHECKED */
};

#ifdef __GLIBC__
extern int __vfprintf_chk(FILE *fp, int flag, const char *format, va_list args);
extern int __vsnprintf_chk(
	char *to, size_t n, int flag, size_t size, const char *format, va_list args);
extern int __vdprintf_chk(int fd, int flag, const char *format, va_list args);
#else
#define __vfprintf_chk(fp, flag, format, args) vfprintf(fp, format, args)
#define __vsnprintf_chk(to, n, flag, size, format, args) vsnprintf(to, n, format, args)
#define __vdprintf_chk(fd, flag, format, args) vdprintf(fd, format, args)
#endif

static int print(FILE *fp, struct format *f)
{
	va_list args;
	int r;

	va_copy(args, f->args);
	if (f->check == UNCHECKED)
		r = vfprintf(fp, f->format, args);
	else
		r = __vfprintf_chk(fp, f->check, f->format, args);
	va_end(args);
	return r;
}

#ifdef __GLIBC__

/* Into what is left of the buffer, if it is enough. */
static bool print_into_room(FILE *fp, struct format *f, int *r)
{
	size_t room = file_room(fp);
	int error = errno;
	va_list args;

	if (room == 0)
		return false;
	va_copy(args, f->args);
	if (f->check == UNCHECKED)
		*r = vsnprintf(fp->_IO_write_ptr, room, f->format, args);
	else
		*r = __vsnprintf_chk(
			fp->_IO_write_ptr, room, f->check, room, f->format, args);
	va_end(args);
	if (*r >= 0 && (size_t)*r < room) {
		fp->_IO_write_ptr += *r;
		return true;
	}
	errno = error; /* for %m once more */
	return false;
}

static bool is_for_writing(const FILE *fp)
{
	return !(fp->_flags & FILE_NO_WRITES);
}

#else

static bool print_into_room(FILE *fp, struct format *f, int *r)
{
	(void)fp;
	(void)f;
	(void)r;
	return false;
}

static bool is_for_writing(const FILE *fp)
{
	return fp != NULL;
}

#endif

struct text {
	char *bytes;
	size_t n;
	int r; /* printf's */
};

/* What comes before a conversion that fails is there, too. Free the bytes. */
static bool print_to_memory(struct format *f, struct text *text)
{
	int before = errno, error;
	FILE *memory = open_memstream(&text->bytes, &text->n);

	if (!memory)
		return false;
	errno = before;
	text->r = print(memory, f);
	error = errno;
	if (fclose(memory) != 0) {
		free(text->bytes);
		return false;
	}
	errno = error;
	return true;
}

static void free_text(void *arg)
{
	const struct text *text = arg;
	int error = errno;

	free(text->bytes);
	errno = error;
}

static int put_formatted(FILE *fp, struct format *f)
{
	struct text text;
	ssize_t put;

	if (!print_to_memory(f, &text))
		return -1;
	pthread_cleanup_push(free_text, &text);
	put = co__file_put(fp, text.bytes, text.n);
	pthread_cleanup_pop(1);
	return put == (ssize_t)text.n ? text.r : -1;
}

static ssize_t print_waiting(FILE *fp, void *arg)
{
	struct format *f = arg;
	int r;

	if (!co__stream_waits_now(fp) || !is_for_writing(fp))
		return print(fp, f);
	return print_into_room(fp, f, &r) ? r : put_formatted(fp, f);
}

/* In a moment, if nothing has to be waited for: the functions of a cookie may. */
static bool print_quickly(FILE *fp, struct format *f, int *r)
{
	bool done = true;

	if (!stream_try(fp))
		return false;
	if (co__stream_waits(fp))
		done = print_into_room(fp, f, r);
	else if (co__stream_is_descriptor(fp))
		*r = print(fp, f);
	else
		done = false;
	stream_done(fp);
	return done;
}

static int print_to_stream(FILE *fp, const char *format, va_list args, int check)
{
	struct format f = {.format = format, .check = check};
	int r;

	va_copy(f.args, args);
	if (!stream_fiber())
		r = print(fp, &f);
	else if (!print_quickly(fp, &f, &r))
		r = (int)co__stream_with(fp, print_waiting, &f);
	va_end(f.args);
	return r;
}

static ssize_t write_all(int fd, const char *bytes, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t r = co_write(fd, bytes + done, n - done);
		if (r < 0)
			return -1;
		done += (size_t)r;
	}
	return 0;
}

static int print_to_descriptor(int fd, const char *format, va_list args, int check)
{
	struct format f = {.format = format, .check = check};
	struct text text;
	ssize_t written;

	if (!stream_fiber() || !co__stream_descriptor_waits(fd))
		return check == UNCHECKED ? vdprintf(fd, format, args)
					  : __vdprintf_chk(fd, check, format, args);
	va_copy(f.args, args);
	if (!print_to_memory(&f, &text)) {
		va_end(f.args);
		return -1;
	}
	va_end(f.args);
	pthread_cleanup_push(free_text, &text);
	written = write_all(fd, text.bytes, text.n);
	pthread_cleanup_pop(1);
	return written == 0 ? text.r : -1;
}

/* --- the calls ---------------------------------------------------------------------------------------- */

int co_vfprintf(FILE *restrict fp, const char *restrict format, va_list args)
{
	return print_to_stream(fp, format, args, UNCHECKED);
}

int co_vprintf(const char *restrict format, va_list args)
{
	return print_to_stream(stdout, format, args, UNCHECKED);
}

int co_vdprintf(int fd, const char *restrict format, va_list args)
{
	return print_to_descriptor(fd, format, args, UNCHECKED);
}

int co_fprintf(FILE *restrict fp, const char *restrict format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = print_to_stream(fp, format, args, UNCHECKED);
	va_end(args);
	return r;
}

int co_printf(const char *restrict format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = print_to_stream(stdout, format, args, UNCHECKED);
	va_end(args);
	return r;
}

int co_dprintf(int fd, const char *restrict format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = print_to_descriptor(fd, format, args, UNCHECKED);
	va_end(args);
	return r;
}

/* --- under _FORTIFY_SOURCE ---------------------------------------------------------------------------- */

int co___vfprintf_chk(FILE *fp, int flag, const char *format, va_list args)
{
	return print_to_stream(fp, format, args, flag);
}

int co___vprintf_chk(int flag, const char *format, va_list args)
{
	return print_to_stream(stdout, format, args, flag);
}

int co___vdprintf_chk(int fd, int flag, const char *format, va_list args)
{
	return print_to_descriptor(fd, format, args, flag);
}

int co___fprintf_chk(FILE *fp, int flag, const char *format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = print_to_stream(fp, format, args, flag);
	va_end(args);
	return r;
}

int co___printf_chk(int flag, const char *format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = print_to_stream(stdout, format, args, flag);
	va_end(args);
	return r;
}

int co___dprintf_chk(int fd, int flag, const char *format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = print_to_descriptor(fd, format, args, flag);
	va_end(args);
	return r;
}
