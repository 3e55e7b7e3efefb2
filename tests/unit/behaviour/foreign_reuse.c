/* foreign_reuse.c - foreign code closes a number and opens something else under it: the mirrors, which have seen
 * neither, wait as the new kind does. Nobody holds up the worker or a thread of the pool meanwhile: other fibers
 * run, and a signal interrupts. */
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CASES = 4 };
enum was { FILE_BEFORE, STREAM_BEFORE, PIPE_BEFORE, DEVICE_BEFORE };

/* What the scenarios of one suite do. */
struct verb {
	enum was was;
	enum way way; /* of what it is then */
	ssize_t (*call)(struct run *run, int fd);
};

/* A number that the mirrors know as that. */
static int known_as(struct run *run, enum was was)
{
	struct pair pair;
	char byte;

	switch (was) {
	case FILE_BEFORE:
		pair.mine = keep_foreign(run, memfd_create("before", MFD_CLOEXEC));
		check(run, run->calls->read(pair.mine, &byte, 1) == 0);
		break;
	case DEVICE_BEFORE:
		pair.mine = keep_foreign(run, open("/dev/null", O_RDWR | O_CLOEXEC));
		check(run, run->calls->read(pair.mine, &byte, 1) == 0);
		break;
	default:
		pair = pair_open_foreign(
			run, was == PIPE_BEFORE ? PIPE : UNIX_STREAM, TO_ME);
		check(run, write(pair.theirs, "x", 1) == 1);
		check(run, run->calls->read(pair.mine, &byte, 1) == 1);
	}
	return pair.mine;
}

/* A pair of the run's kind whose one end has such a number. */
static struct pair reused(struct run *run)
{
	const struct verb *verb = run->verb;
	int number = known_as(run, verb->was);
	struct pair pair = pair_open_foreign(run, 0, verb->way);

	check(run, dup2(pair.mine, number) == number);
	pair.mine = number;
	if (verb->way == FROM_ME)
		fill_up(run, &pair);
	return pair;
}

static void peer_makes_room(struct peer *peer)
{
	struct pollfd readable = {peer->fd, POLLIN, 0};
	char buf[65536];

	while (poll(&readable, 1, 0) > 0 && read(peer->fd, buf, sizeof(buf)) > 0)
		;
}

static void goes_on(struct run *run)
{
	const struct verb *verb = run->verb;
	struct pair pair = reused(run);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};

	if (verb->way == FROM_ME)
		peer.act = peer_makes_room;
	peer_start(run, &peer);
	result(run, "it", verb->call(run, pair.mine));
	peer_join(&peer);
}

static void is_interrupted(struct run *run)
{
	const struct verb *verb = run->verb;
	struct pair pair = reused(run);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	result(run, "it", verb->call(run, pair.mine));
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

/* --- the calls -------------------------------------------------------------------------------------- */

static ssize_t read_it(struct run *run, int fd)
{
	char buf[16];

	return enter(run)->read(fd, buf, sizeof(buf));
}

static ssize_t readv_it(struct run *run, int fd)
{
	char buf[16];
	struct iovec iov[2] = {{buf, 2}, {buf + 2, sizeof(buf) - 2}};

	return enter(run)->readv(fd, iov, 2);
}

static ssize_t preadv2_it(struct run *run, int fd)
{
	char buf[16];
	struct iovec iov = {buf, sizeof(buf)};

	return enter(run)->preadv2(fd, &iov, 1, -1, RWF_HIPRI);
}

static ssize_t splice_it(struct run *run, int fd)
{
	int fds[2];

	check(run, pipe2(fds, O_CLOEXEC) == 0);
	keep_foreign(run, fds[0]);
	keep_foreign(run, fds[1]);
	return enter(run)->splice(fd, NULL, fds[1], NULL, 16, 0);
}

static ssize_t write_it(struct run *run, int fd)
{
	return enter(run)->write(fd, "hello", 5);
}

static ssize_t splice_to_it(struct run *run, int fd)
{
	int fds[2];

	check(run, pipe2(fds, O_CLOEXEC) == 0);
	keep_foreign(run, fds[0]);
	keep_foreign(run, fds[1]);
	check(run, write(fds[1], "hello", 5) == 5);
	return enter(run)->splice(fds[0], NULL, fd, NULL, 5, 0);
}

static ssize_t sendfile_to_it(struct run *run, int fd)
{
	int file = keep_foreign(run, memfd_create("source", MFD_CLOEXEC));

	check(run, pwrite(file, "hello", 5, 0) == 5);
	return enter(run)->sendfile(fd, file, NULL, 5);
}

struct call {
	const char *name;
	ssize_t (*call)(struct run *run, int fd);
	enum way way;
};

/* Names are for whoever reads of a failure. */
static struct scenario *name_them(const char *call, enum was was, struct scenario *to)
{
	static const struct scenario scenarios[CASES] = {
		{"a pipe goes on", goes_on, PIPE},
		{"a pipe is interrupted", is_interrupted, PIPE, PLAIN | ROOT},
		{"a stream goes on", goes_on, UNIX_STREAM},
		{"a stream is interrupted", is_interrupted, UNIX_STREAM, PLAIN | ROOT},
	};
	static const char *const before[] = {"file", "stream", "pipe", "device"};

	for (int i = 0; i < CASES; i++) {
		char *name;

		to[i] = scenarios[i];
		if (asprintf(&name, "%s, before a %s: %s", call, before[was],
			    to[i].name) >= 0)
			to[i].name = name;
	}
	return to;
}

int main(void)
{
	static const struct call calls[] = {{"read", read_it, TO_ME},
		{"readv", readv_it, TO_ME}, {"preadv2", preadv2_it, TO_ME},
		{"splice from it", splice_it, TO_ME}, {"write", write_it, FROM_ME},
		{"splice to it", splice_to_it, FROM_ME},
		{"sendfile to it", sendfile_to_it, FROM_ME}};
	static struct scenario scenarios[4 * COUNT(calls)][CASES];
	static struct verb verbs[4 * COUNT(calls)];
	int n = 0;

	for (enum was was = FILE_BEFORE; was <= DEVICE_BEFORE; was++) {
		for (size_t i = 0; i < COUNT(calls); i++, n++) {
			verbs[n] = (struct verb){was, calls[i].way, calls[i].call};
			suite_add(name_them(calls[i].name, was, scenarios[n]), CASES,
				&verbs[n]);
		}
	}
	return suite_run("foreign_reuse");
}
