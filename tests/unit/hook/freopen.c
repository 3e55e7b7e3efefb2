/* freopen.c - freopen(3) through libc and through its mirror. */
#include "harness/flushing.h"
#include "harness/streamopening.h"
#include "harness/scenario.h"

#include <stdlib.h>

/* In the place of a stream over a pipe. */
static FILE *open_by_freopen(struct run *run, const char *path, const char *mode)
{
	struct pair pair;
	FILE *before = stream_open(run, PIPE, "w", &pair);
	FILE *fp = enter(run)->freopen(path, mode, before);

#ifdef __SANITIZE_ADDRESS__ /* it is closed, and glibc loses its memory */
	if (!fp)
		free(before);
#endif
	return fp;
}

/* What the stream held is written first; that it failed is not said. */
static void flush_by_freopen(struct run *run, FILE *fp)
{
#ifdef __SANITIZE_ADDRESS__ /* glibc loses the buffer of a stream in memory */
	if (fileno(fp) < 0) {
		run->calls->fclose(fp);
		return;
	}
#endif
	fp = enter(run)->freopen("/dev/null", "w", fp);
	result(run, "freopen", fp ? 0 : -1);
	check(run, !fp || run->calls->fclose(fp) == 0);
}

int main(void)
{
	static const struct streamopening verb = {open_by_freopen};
	static const struct flushing flushing = {
		.flush = flush_by_freopen, .closes = true};

	streamopening_add(&verb);
	flushing_add(&flushing);
	return suite_run("freopen");
}
