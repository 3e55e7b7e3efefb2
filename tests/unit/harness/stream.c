/* stream.c - makes streams for scenarios and looks at them from outside: with libc's own
 * calls, which must find a mirror's stream in a state that they understand. */
#include "harness/stream.h"

#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

FILE *stream_over(struct run *run, int fd, const char *mode)
{
	FILE *fp = fdopen(fd, mode);

	if (!fp) {
		trace_failure(run->trace, "cannot set up: fdopen");
		abort();
	}
	let_go(run, fd);
	return fp;
}

void stream_close(struct run *run, FILE *fp)
{
	result(run, "fclose", enter(run)->fclose(fp));
}

FILE *stream_open(struct run *run, int kind, const char *mode, struct pair *pair)
{
	*pair = pair_open(run, kind, mode[0] == 'r' ? TO_ME : FROM_ME);
	return stream_over(run, pair->mine, mode);
}

void note_stream(struct run *run, FILE *fp)
{
	note(run, "end %d, error %d, unread %td, unwritten %zu", feof(fp) != 0,
		ferror(fp) != 0, __freading(fp) ? fp->_IO_read_end - fp->_IO_read_ptr : 0,
		__fpending(fp));
}

FILE *stream_on_disk(struct run *run, const char *mode, const void *data, size_t size)
{
	char name[] = "/tmp/cohook-test-XXXXXX";
	int fd = mkstemp(name);
	FILE *fp;

	check(run, fd >= 0 && unlink(name) == 0);
	check(run, write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
	fp = fdopen(fd, mode);
	check(run, fp != NULL);
	return fp;
}
