/* streamopening.c - scenarios that every call which opens a stream by a name must pass. */
#include "harness/streamopening.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static FILE *open_stream(struct run *run, const char *path, const char *mode)
{
	const struct streamopening *verb = run->verb;
	FILE *fp = verb->open(run, path, mode);
	int error = errno;

	spot_leave(&run->spot);
	note(run, "%s: %s", mode, fp ? "a stream" : error_name(error));
	if (fp)
		note(run, "flags %#x, closed by exec: %d",
			(unsigned)fcntl(fileno(fp), F_GETFL),
			fcntl(fileno(fp), F_GETFD) & FD_CLOEXEC);
	return fp;
}

/* A name in a directory of its own. */
static const char *new_name(struct run *run)
{
	static char directory[] = "/tmp/cohook-test-XXXXXX", name[64];

	strcpy(directory + sizeof(directory) - 7, "XXXXXX");
	check(run, mkdtemp(directory) != NULL);
	snprintf(name, sizeof(name), "%s/name", directory);
	return name;
}

static void remove_name(const char *name)
{
	char directory[64];

	unlink(name);
	strcpy(directory, name);
	*strrchr(directory, '/') = '\0';
	rmdir(directory);
}

static void on_disk(struct run *run)
{
	const char *name = new_name(run);
	char buf[8];
	FILE *fp = open_stream(run, name, "w");

	took_no_wait(run);
	check(run, run->calls->fputs("one\n", fp) >= 0);
	stream_close(run, fp);
	fp = open_stream(run, name, "ae");
	check(run, run->calls->fputs("two\n", fp) >= 0);
	stream_close(run, fp);
	fp = open_stream(run, name, "r+");
	while (run->calls->fgets(buf, sizeof(buf), fp))
		note_bytes(run, "line", buf, (ssize_t)strlen(buf));
	stream_close(run, fp);
	remove_name(name);
}

static void errors(struct run *run)
{
	const char *name = new_name(run);

	check(run, open_stream(run, name, "r") == NULL);
	check(run, open_stream(run, "/", "w") == NULL);
	check(run, open_stream(run, "", "r") == NULL);
	check(run, open_stream(run, name, "?") == NULL);
#ifndef __SANITIZE_ADDRESS__ /* its own check of the name would end the test */
	check(run, open_stream(run, nowhere(), "r") == NULL);
#endif
	took_no_wait(run);
	remove_name(name);
}

struct other_end {
	const char *name;
	int flags, fd;
};

static void peer_opens(struct peer *peer)
{
	struct other_end *end = peer->arg;

	end->fd = open(end->name, end->flags);
	if (end->fd < 0)
		trace_failure(peer->run->trace, "peer: open: %s", error_name(errno));
	else if (end->flags == O_WRONLY && write(end->fd, "hello\n", 6) != 6)
		trace_failure(peer->run->trace, "peer: write: %s", error_name(errno));
}

static void fifo(struct run *run, const char *mode, int flags)
{
	struct other_end end = {new_name(run), flags, -1};
	struct peer peer = {.act = peer_opens, .arg = &end};
	char buf[8] = "";
	FILE *fp;

	check(run, mkfifo(end.name, 0600) == 0);
	peer_start(run, &peer);
	fp = open_stream(run, end.name, mode);
	peer_join(&peer);
	if (flags == O_WRONLY)
		check(run, run->calls->fgets(buf, sizeof(buf), fp) == buf);
	else
		check(run, run->calls->fputs("hello\n", fp) >= 0);
	stream_close(run, fp);
	if (flags == O_RDONLY)
		check(run, read(end.fd, buf, sizeof(buf)) == 6);
	note_bytes(run, "line", buf, 6);
	close(end.fd);
	remove_name(end.name);
}

static void fifo_to_read(struct run *run)
{
	fifo(run, "r", O_WRONLY);
}

static void fifo_to_write(struct run *run)
{
	fifo(run, "w", O_RDONLY);
}

static const struct scenario scenarios[] = {
	{"on disk", on_disk},
	{"errors", errors},
	{"FIFO to read", fifo_to_read},
	{"FIFO to write", fifo_to_write},
};

void streamopening_add(const struct streamopening *verb)
{
	suite_add(scenarios, COUNT(scenarios), verb);
}
