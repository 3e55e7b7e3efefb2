/* positioned.h - what calls that read or write at a position have in common: pread,
 * pwrite and their kin. */
#ifndef HARNESS_POSITIONED_H
#define HARNESS_POSITIONED_H

#include "harness/run.h"

struct positioned {
	/* The call under test, on one buffer; through enter() and result(). */
	ssize_t (*take)(struct run *run, int fd, void *buf, size_t size, off_t at);
	ssize_t (*give)(struct run *run, int fd, const void *buf, size_t size, off_t at);
};

/* Add the shared scenarios for VERB's one call to the suite. */
void positioned_add(const struct positioned *verb);

/* A file of its own with TEXT in it, and its name gone. */
int file_with(struct run *run, const char *text, int flags);

/* Note the file's content and position. */
void note_file(struct run *run, int fd);

#endif
