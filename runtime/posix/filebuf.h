/* filebuf.h - what libc does beneath a FILE's buffer, with calls that let other fibers
 * run.
 *
 * For streams that co__stream_waits() is true of, and that the caller has. Flags, pointers,
 * errno and the bytes that are left after an error are as libc leaves them. */
#ifndef COHOOK_FILEBUF_H
#define COHOOK_FILEBUF_H

#include "filelayout.h"

/* The buffer is empty: read what there is, and wait until there is something. False at the
 * end and after an error, which the stream's flags and errno tell. */
bool co__file_fill(FILE *fp);

/* Read up to N bytes as fread(3) does; how many they were. */
size_t co__file_get(FILE *fp, char *to, size_t n);

/* Write what the buffer holds; false if not all could be written. */
bool co__file_flush(FILE *fp);

/* Put N bytes as fwrite(3) does: how many were taken, or -1 if all were but could not be
 * written as they should. */
ssize_t co__file_put(FILE *fp, const char *from, size_t n);

/* Put one byte as putc(3) does. */
int co__file_put_one(FILE *fp, unsigned char c);

#endif
