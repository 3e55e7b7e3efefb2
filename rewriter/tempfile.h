/* tempfile.h - texts for the compiler that never touch a directory, and one directory
 * that is always removed. */
#ifndef COHOOK_TEMPFILE_H
#define COHOOK_TEMPFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* tempfile_memory - a descriptor, closed on exec, on a nameless file that holds TEXT and
 * was last modified at MTIME (NULL: now). Nothing is left of it when the process ends,
 * however it ends. -errno on failure. */
int tempfile_memory(const char *text, size_t length, const struct timespec *mtime);

/* tempfile_path - a path under which other processes of the user can open it while this
 * one lives. */
const char *tempfile_path(int fd);

/* tempfile_was_read - whether anyone has read it; true where that cannot be told. */
bool tempfile_was_read(int fd);

/* tempfile_directory - the path of a private directory, made on first use; NULL with
 * errno set when there can be none. tempfile_cleanup() removes it and the files in it; it
 * also runs at exit. */
const char *tempfile_directory(void);
void tempfile_cleanup(void);

#endif
