/* filelayout.h - the states of a FILE that no function tells or makes.
 *
 * glibc's pointers and first flags are in its own header, for programs that were compiled
 * when getc was a macro; the other flags never changed either. musl's structure is its own
 * affair, but has been the same up to the last member named here since 2012. */
#ifndef COHOOK_FILELAYOUT_H
#define COHOOK_FILELAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef __GLIBC__

enum file_flags {
	FILE_UNBUFFERED = 0x2,
	FILE_NO_READS = 0x4,
	FILE_NO_WRITES = 0x8,
	FILE_EOF = 0x10,
	FILE_ERROR = 0x20,
	FILE_IN_BACKUP = 0x100, /* reading what ungetc(3) put back */
	FILE_LINE_BUFFERED = 0x200,
	FILE_PUTTING = 0x800, /* the buffer holds output */
	FILE_APPENDING = 0x1000,
};

static inline size_t file_unread(const FILE *fp)
{
	return (size_t)(fp->_IO_read_end - fp->_IO_read_ptr);
}

static inline size_t file_unwritten(const FILE *fp)
{
	return (size_t)(fp->_IO_write_ptr - fp->_IO_write_base);
}

/* How many bytes can be put without anything being written: none unless the stream is
 * fully buffered and has begun to put. */
static inline size_t file_room(const FILE *fp)
{
	if (!(fp->_flags & FILE_PUTTING) || fp->_IO_write_end < fp->_IO_write_ptr)
		return 0;
	return (size_t)(fp->_IO_write_end - fp->_IO_write_ptr);
}

static inline size_t file_buffer_size(const FILE *fp)
{
	return (size_t)(fp->_IO_buf_end - fp->_IO_buf_base);
}

/* Byte streams alone: the others belong to libc. */
static inline bool file_is_wide(const FILE *fp)
{
	return fp->_mode > 0;
}

/* Negative for streams that are no descriptor: in memory, of cookies. */
static inline int file_number(const FILE *fp)
{
	return fp->_fileno;
}

static inline bool file_has_marks(const FILE *fp)
{
	return fp->_markers != NULL;
}

/* The buffer is there and holds nothing. */
static inline void file_reset(FILE *fp)
{
	fp->_IO_read_base = fp->_IO_read_ptr = fp->_IO_read_end = fp->_IO_buf_base;
	fp->_IO_write_base = fp->_IO_write_ptr = fp->_IO_write_end = fp->_IO_buf_base;
}

/* From what was put back to what was read. */
static inline void file_leave_backup(FILE *fp)
{
	char *end = fp->_IO_read_end, *base = fp->_IO_read_base;

	fp->_flags &= ~FILE_IN_BACKUP;
	fp->_IO_read_end = fp->_IO_save_end;
	fp->_IO_read_base = fp->_IO_read_ptr = fp->_IO_save_base;
	fp->_IO_save_end = end;
	fp->_IO_save_base = base;
}

/* The memory for what is put back. */
static inline void file_drop_backup(FILE *fp)
{
	if (!fp->_IO_save_base)
		return;
	free(fp->_IO_save_base);
	fp->_IO_save_base = fp->_IO_save_end = fp->_IO_backup_base = NULL;
}

/* Bytes were read or written: the position, where libc knows it. */
static inline void file_moved(FILE *fp, ssize_t n)
{
	if (fp->_offset >= 0)
		fp->_offset += n;
}

static inline void file_forget_position(FILE *fp)
{
	fp->_offset = -1;
}

#else /* musl */

#include <sys/types.h>

enum file_flags {
	FILE_EOF = 16,
	FILE_ERROR = 32,
	FILE_BUFFERING_CHOSEN = 64, /* by setvbuf(3) */
};

struct file_layout {
	unsigned flags;
	unsigned char *read_at, *read_end;
	int (*close)(FILE *fp);
	unsigned char *write_end, *write_at;
	void *unused;
	unsigned char *write_base;
	/* What reads and writes beneath the buffer. */
	size_t (*read)(FILE *fp, unsigned char *to, size_t n);
	size_t (*write)(FILE *fp, const unsigned char *from, size_t n);
	off_t (*seek)(FILE *fp, off_t offset, int whence);
	unsigned char *buffer;
	size_t buffer_size;
	FILE *previous, *next;
	int number; /* negative for streams that are no descriptor */
	int child;  /* of popen(3) */
	long lock_depth;
	int mode;
	volatile int holder;
	int line_end; /* '\n' where lines are written at once, else negative */
};

static inline struct file_layout *file_layout(const FILE *fp)
{
	return (struct file_layout *)(uintptr_t)fp;
}

static inline size_t file_unread(const FILE *fp)
{
	const struct file_layout *f = file_layout(fp);

	return f->read_end ? (size_t)(f->read_end - f->read_at) : 0;
}

static inline size_t file_unwritten(const FILE *fp)
{
	const struct file_layout *f = file_layout(fp);

	return f->write_at ? (size_t)(f->write_at - f->write_base) : 0;
}

static inline size_t file_room(const FILE *fp)
{
	const struct file_layout *f = file_layout(fp);

	return f->line_end >= 0 || !f->write_end ? 0 : (size_t)(f->write_end - f->write_at);
}

static inline int file_number(const FILE *fp)
{
	return file_layout(fp)->number;
}

#endif

#endif
