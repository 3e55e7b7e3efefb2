/* stream.h - FILE streams over the descriptors of pair.h, and what can be seen of
 * them. */
#ifndef HARNESS_STREAM_H
#define HARNESS_STREAM_H

#include "harness/pair.h"

#include <stdio.h>

/* A stream over FD, which it owns from now on. Close it by stream_close(). */
FILE *stream_over(struct run *run, int fd, const char *mode);

/* Through the calls under test; notes the outcome. */
void stream_close(struct run *run, FILE *fp);

/* A stream in MODE over one end of a fresh pair, of the run's kind if KIND is 0; the pair goes to PAIR. */
FILE *stream_open(struct run *run, int kind, const char *mode, struct pair *pair);

/* Note the end and error indicators and how many bytes wait on either side of the
 * buffer. */
void note_stream(struct run *run, FILE *fp);

/* A file on disk that holds SIZE bytes of DATA, unlinked already. */
FILE *stream_on_disk(struct run *run, const char *mode, const void *data, size_t size);

#endif
