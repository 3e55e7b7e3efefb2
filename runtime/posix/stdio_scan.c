/* stdio_scan.c - the scanf family.
 *
 * libc scans a private stream, of cookies, which takes byte after byte from the real one
 * and lets other fibers run when there is none. No fiber but this one knows the private
 * stream, so it may wait in the middle of libc's call. What libc has looked at and not
 * used goes back to the real stream. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "filebuf.h"
#include "stream.h"

#include <errno.h>
#include <stdarg.h>

typedef int scanner(FILE *fp, const char *format, va_list args);

struct scan {
	scanner *scanner; /* libc has several, for standards that disagree */
	const char *format;
	va_list args;
};

#ifdef __GLIBC__

static ssize_t give_byte(void *cookie, char *to, size_t n)
{
	FILE *fp = cookie;

	if (n == 0)
		return 0;
	if (file_unread(fp) == 0 && !co__file_fill(fp))
		return feof_unlocked(fp) ? 0 : -1;
	*to = *fp->_IO_read_ptr++;
	return 1;
}

static FILE *private_stream(FILE *fp)
{
	FILE *private = fopencookie(fp, "r", (cookie_io_functions_t){.read = give_byte});

	if (private)
		setvbuf(private, NULL, _IONBF, 0);
	return private;
}

/* Normally one byte. The way back is the one that libc's own look ahead takes. */
static void give_back(FILE *from, FILE *to)
{
	char ahead[8];
	size_t n = 0;

	while (n < sizeof(ahead) && file_unread(from) > 0)
		ahead[n++] = (char)getc_unlocked(from);
	while (n > 0)
		ungetc((unsigned char)ahead[--n], to);
}

struct private_use {
	FILE *private, *fp;
};

static void end_private(void *arg)
{
	const struct private_use *use = arg;
	int error = errno;

	give_back(use->private, use->fp);
	fclose(use->private);
	errno = error;
}

static int scan_privately(FILE *fp, struct scan *s)
{
	int error = errno, r;
	struct private_use use = {private_stream(fp), fp};

	if (!use.private)
		return EOF;
	errno = error;
	pthread_cleanup_push(end_private, &use);
	r = s->scanner(use.private, s->format, s->args);
	pthread_cleanup_pop(1);
	return r;
}

static bool can_be_read(const FILE *fp)
{
	return !(fp->_flags & FILE_NO_READS);
}

#else

static int scan_privately(FILE *fp, struct scan *s)
{
	return s->scanner(fp, s->format, s->args);
}

static bool can_be_read(const FILE *fp)
{
	return fp != NULL;
}

#endif

static ssize_t scan(FILE *fp, void *arg)
{
	struct scan *s = arg;

	if (co__stream_waits_now(fp) && can_be_read(fp))
		return scan_privately(fp, s);
	return s->scanner(fp, s->format, s->args);
}

static int scan_stream(FILE *fp, const char *format, va_list args, scanner *by)
{
	struct scan s = {.scanner = by, .format = format};
	int r;

	va_copy(s.args, args);
	if (stream_fiber())
		r = (int)co__stream_with(fp, scan, &s);
	else
		r = by(fp, format, s.args);
	va_end(s.args);
	return r;
}

int co_vfscanf(FILE *restrict fp, const char *restrict format, va_list args)
{
	return scan_stream(fp, format, args, vfscanf);
}

int co_vscanf(const char *restrict format, va_list args)
{
	return scan_stream(stdin, format, args, vfscanf);
}

int co_fscanf(FILE *restrict fp, const char *restrict format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = scan_stream(fp, format, args, vfscanf);
	va_end(args);
	return r;
}

int co_scanf(const char *restrict format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = scan_stream(stdin, format, args, vfscanf);
	va_end(args);
	return r;
}

/* --- under ISO standards, where %a is a number -------------------------------------------------------- */

#ifdef __GLIBC__
extern scanner __isoc99_vfscanf;
#else
#define __isoc99_vfscanf vfscanf
#endif

__typeof__(vfscanf) co___isoc99_vfscanf;
__typeof__(vscanf) co___isoc99_vscanf;
__typeof__(fscanf) co___isoc99_fscanf;
__typeof__(scanf) co___isoc99_scanf;

int co___isoc99_vfscanf(FILE *restrict fp, const char *restrict format, va_list args)
{
	return scan_stream(fp, format, args, __isoc99_vfscanf);
}

int co___isoc99_vscanf(const char *restrict format, va_list args)
{
	return scan_stream(stdin, format, args, __isoc99_vfscanf);
}

int co___isoc99_fscanf(FILE *restrict fp, const char *restrict format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = scan_stream(fp, format, args, __isoc99_vfscanf);
	va_end(args);
	return r;
}

int co___isoc99_scanf(const char *restrict format, ...)
{
	va_list args;
	int r;

	va_start(args, format);
	r = scan_stream(stdin, format, args, __isoc99_vfscanf);
	va_end(args);
	return r;
}

/* From glibc 2.38 on the plain names mean these, in programs and in here. Before that
 * nobody asks for them. */
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 38)
#define C23(name) "co_" #name
#else
#define C23(name) "co___isoc99_" #name
#endif

__typeof__(vfscanf) co___isoc23_vfscanf __attribute__((alias(C23(vfscanf))));
__typeof__(vscanf) co___isoc23_vscanf __attribute__((alias(C23(vscanf))));
__typeof__(fscanf) co___isoc23_fscanf __attribute__((alias(C23(fscanf))));
__typeof__(scanf) co___isoc23_scanf __attribute__((alias(C23(scanf))));
