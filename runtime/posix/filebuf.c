/* filebuf.c - underflow and overflow of a FILE's buffer by co_read and co_write.
 *
 * Follows glibc step by step (libio/fileops.c), since the program can see what is left
 * after an error. Invariant: whenever the fiber waits, the pointers are such that libc
 * could go on with them: before a read the buffer is empty, before a write it holds all
 * that is to be written. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "filebuf.h"
#include "stream.h"

#include <errno.h>
#include <string.h>
#include <wchar.h>

#ifdef __GLIBC__

/* libc finds out the size, and whether it is a terminal, when it makes a buffer. The only
 * call that makes one forgets what it found of the terminal. */
static bool make_buffer(FILE *fp)
{
	bool lines = fp->_flags & FILE_LINE_BUFFERED;
	int error = errno;

	if (fp->_flags & FILE_UNBUFFERED)
		return setvbuf(fp, NULL, _IONBF, 0) == 0;
	if (setvbuf(fp, NULL, _IOFBF, 0) != 0 || !fp->_IO_buf_base)
		return false;
	if (lines || isatty(file_number(fp)))
		setvbuf(fp, NULL, _IOLBF, 0);
	errno = error;
	return true;
}

static void choose_bytes(FILE *fp)
{
	if (fp->_mode == 0)
		fwide(fp, -1);
}

/* --- reading ------------------------------------------------------------------------------------------ */

static ssize_t flush_work(FILE *fp, void *arg)
{
	(void)arg;
	if (co__stream_waits_now(fp))
		co__file_flush(fp);
	else
		fflush_unlocked(fp);
	return 0;
}

/* A terminal's prompt comes before the wait for the answer. */
static void flush_lines_of_stdout(const FILE *reading)
{
	int flags = stdout->_flags;

	if (!(reading->_flags & (FILE_LINE_BUFFERED | FILE_UNBUFFERED)) ||
		!(flags & FILE_LINE_BUFFERED) || flags & FILE_NO_WRITES ||
		file_unwritten(stdout) == 0)
		return;
	co__stream_with(stdout, flush_work, NULL);
}

static bool fail(FILE *fp, int error)
{
	fp->_flags |= FILE_ERROR;
	errno = error;
	return false;
}

/* Be ready to read, behind what was put back; true if there is something to be had
 * yet. */
static bool leave_other_states(FILE *fp)
{
	if (fp->_flags & FILE_IN_BACKUP) {
		file_leave_backup(fp);
		if (file_unread(fp))
			return true;
	}
	file_drop_backup(fp);
	return false;
}

/* The result of read(2) in the stream's terms. */
static bool note_read(FILE *fp, ssize_t n)
{
	if (n > 0)
		return true;
	fp->_flags |= n == 0 ? FILE_EOF : FILE_ERROR;
	return false;
}

bool co__file_fill(FILE *fp)
{
	ssize_t n;

	choose_bytes(fp);
	if (fp->_flags & FILE_PUTTING && !co__file_flush(fp))
		return false;
	if (leave_other_states(fp))
		return true;
	if (fp->_flags & FILE_EOF) /* stays until clearerr(3) */
		return false;
	if (fp->_flags & FILE_NO_READS)
		return fail(fp, EBADF);
	if (!fp->_IO_buf_base && !make_buffer(fp))
		return false;
	flush_lines_of_stdout(fp);
	fp->_flags &= ~FILE_PUTTING;
	file_reset(fp);
	n = co_read(file_number(fp), fp->_IO_buf_base, file_buffer_size(fp));
	if (!note_read(fp, n)) {
		file_forget_position(fp);
		return false;
	}
	fp->_IO_read_end = fp->_IO_buf_base + n;
	file_moved(fp, n);
	return true;
}

/* Whole blocks go straight to the caller's memory. */
static ssize_t read_blocks(FILE *fp, char *to, size_t n)
{
	size_t block = file_buffer_size(fp);
	ssize_t r;

	if (fp->_flags & FILE_PUTTING) {
		if (!co__file_flush(fp))
			return -1;
		fp->_flags &= ~FILE_PUTTING;
	}
	file_reset(fp);
	r = co_read(file_number(fp), to, block >= 128 ? n - n % block : n);
	if (note_read(fp, r))
		file_moved(fp, r);
	return r;
}

static size_t take_unread(FILE *fp, char *to, size_t n)
{
	size_t have = file_unread(fp);

	if (have > n)
		have = n;
	if (have > 0)
		memcpy(to, fp->_IO_read_ptr, have);
	fp->_IO_read_ptr += have;
	return have;
}

size_t co__file_get(FILE *fp, char *to, size_t n)
{
	size_t got = 0;
	ssize_t r;

	choose_bytes(fp);
	if (!fp->_IO_buf_base && !make_buffer(fp))
		return 0;
	for (;;) {
		got += take_unread(fp, to + got, n - got);
		if (got == n)
			return got;
		if (fp->_flags & FILE_IN_BACKUP) {
			file_leave_backup(fp);
		} else if (n - got < file_buffer_size(fp)) {
			if (!co__file_fill(fp))
				return got;
		} else {
			r = read_blocks(fp, to + got, n - got);
			if (r <= 0)
				return got;
			got += (size_t)r;
		}
	}
}

/* --- writing ------------------------------------------------------------------------------------------ */

/* Nothing is pending, and putting may go on. */
static void put_afresh(FILE *fp)
{
	bool at_once = fp->_flags & (FILE_LINE_BUFFERED | FILE_UNBUFFERED);

	file_reset(fp);
	fp->_IO_write_end = at_once ? fp->_IO_buf_base : fp->_IO_buf_end;
}

/* All N bytes, or as many as could be written; what the buffer held is gone in any
 * case. */
static size_t write_out(FILE *fp, const char *from, size_t n)
{
	size_t done = 0;

	if (fp->_flags & FILE_APPENDING)
		file_forget_position(fp);
	else if (fp->_IO_read_end != fp->_IO_write_base) { /* input that was not read */
		off_t at = lseek(
			file_number(fp), fp->_IO_write_base - fp->_IO_read_end, SEEK_CUR);
		if (at < 0)
			return 0;
		fp->_offset = at;
	}
	while (done < n) {
		ssize_t r = co_write(file_number(fp), from + done, n - done);
		if (r < 0) {
			fp->_flags |= FILE_ERROR;
			break;
		}
		done += (size_t)r;
	}
	file_moved(fp, (ssize_t)done);
	put_afresh(fp);
	return done;
}

bool co__file_flush(FILE *fp)
{
	size_t n = file_unwritten(fp);

	return n == 0 || write_out(fp, fp->_IO_write_base, n) == n;
}

/* From reading, or from the beginning, to putting. */
static bool begin_putting(FILE *fp)
{
	if (fp->_flags & FILE_NO_WRITES)
		return fail(fp, EBADF);
	if (fp->_flags & FILE_PUTTING && fp->_IO_write_base)
		return true;
	if (!fp->_IO_write_base) {
		if (!fp->_IO_buf_base && !make_buffer(fp))
			return false;
		file_reset(fp);
	}
	if (fp->_flags & FILE_IN_BACKUP) {
		size_t back = file_unread(fp), most;
		file_leave_backup(fp);
		file_drop_backup(fp);
		most = (size_t)(fp->_IO_read_base - fp->_IO_buf_base);
		fp->_IO_read_base -= back < most ? back : most;
		fp->_IO_read_ptr = fp->_IO_read_base;
	}
	if (fp->_IO_read_ptr == fp->_IO_buf_end)
		fp->_IO_read_end = fp->_IO_read_ptr = fp->_IO_buf_base;
	fp->_IO_write_ptr = fp->_IO_write_base = fp->_IO_read_ptr;
	fp->_IO_write_end = fp->_IO_buf_end;
	fp->_IO_read_base = fp->_IO_read_ptr = fp->_IO_read_end;
	fp->_flags |= FILE_PUTTING;
	if (fp->_flags & (FILE_LINE_BUFFERED | FILE_UNBUFFERED))
		fp->_IO_write_end = fp->_IO_write_ptr;
	return true;
}

int co__file_put_one(FILE *fp, unsigned char c)
{
	bool at_once;

	choose_bytes(fp);
	if (!begin_putting(fp))
		return EOF;
	if (fp->_IO_write_ptr == fp->_IO_buf_end && !co__file_flush(fp))
		return EOF;
	*fp->_IO_write_ptr++ = (char)c;
	at_once = fp->_flags & FILE_UNBUFFERED ||
		  (fp->_flags & FILE_LINE_BUFFERED && c == '\n');
	if (at_once && !co__file_flush(fp))
		return EOF;
	return c;
}

/* How many of N bytes go into the buffer before anything is written; with those up to the
 * last end of line it is to be written. */
static size_t fitting(const FILE *fp, const char *from, size_t n, bool *lines)
{
	size_t room = file_room(fp);

	*lines = false;
	if (fp->_flags & FILE_LINE_BUFFERED && fp->_flags & FILE_PUTTING) {
		const char *last = NULL;
		room = (size_t)(fp->_IO_buf_end - fp->_IO_write_ptr);
		if (room >= n)
			last = memrchr(from, '\n', n);
		*lines = last;
		if (last)
			room = (size_t)(last - from) + 1;
	}
	return room < n ? room : n;
}

/* Less than a block, or what a line-buffered stream has to look at; how much of it was
 * put. */
static size_t put_rest(FILE *fp, const char *from, size_t n)
{
	size_t done = 0;

	while (done < n) {
		size_t room = file_room(fp);
		if (room == 0) {
			if (co__file_put_one(fp, (unsigned char)from[done]) == EOF)
				break;
			done++;
			continue;
		}
		room = room < n - done ? room : n - done;
		memcpy(fp->_IO_write_ptr, from + done, room);
		fp->_IO_write_ptr += room;
		done += room;
	}
	return done;
}

ssize_t co__file_put(FILE *fp, const char *from, size_t n)
{
	size_t done, block, whole, written;
	bool lines;

	choose_bytes(fp);
	done = fitting(fp, from, n, &lines);
	if (done > 0)
		fp->_IO_write_ptr = mempcpy(fp->_IO_write_ptr, from, done);
	if (done == n && !lines)
		return (ssize_t)n;
	if (!begin_putting(fp) || !co__file_flush(fp))
		return done == n ? -1 : (ssize_t)done;
	block = file_buffer_size(fp);
	whole = n - done;
	whole -= block >= 128 ? whole % block : 0;
	if (whole > 0) {
		written = write_out(fp, from + done, whole);
		done += written;
		if (written < whole)
			return (ssize_t)done;
	}
	return (ssize_t)(done + put_rest(fp, from + done, n - done));
}

#else /* nobody asks: libc reads and writes, see filecalls.c */

bool co__file_fill(FILE *fp)
{
	return fp == NULL;
}

size_t co__file_get(FILE *fp, char *to, size_t n)
{
	return fread(to, 1, n, fp);
}

bool co__file_flush(FILE *fp)
{
	return fflush(fp) == 0;
}

ssize_t co__file_put(FILE *fp, const char *from, size_t n)
{
	return (ssize_t)fwrite(from, 1, n, fp);
}

int co__file_put_one(FILE *fp, unsigned char c)
{
	return putc(c, fp);
}

#endif
