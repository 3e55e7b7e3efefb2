/* slurp.h - the whole of a file in memory. */
#ifndef COHOOK_SLURP_H
#define COHOOK_SLURP_H

#include <stddef.h>

/* slurp_path, slurp_fd - read a regular file, or an open descriptor to its end.
 *
 * *TEXT is malloc'd, *LENGTH bytes and a NUL behind them. 0, or -errno with both
 * untouched; slurp_path() gives -EISDIR or -EINVAL for what is no regular file, and does
 * not wait on a FIFO. */
int slurp_path(const char *path, char **text, size_t *length);
int slurp_fd(int fd, char **text, size_t *length);

#endif
