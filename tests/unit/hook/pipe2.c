/* pipe2.c - pipe2(2) through libc and through its mirror: a pipe with flags. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <unistd.h>

static int make(struct run *run, int flags, int fds[2])
{
	ssize_t n = result(run, "pipe2", enter(run)->pipe2(fds, flags));

	if (n == 0) {
		keep(run, fds[0]);
		keep(run, fds[1]);
	}
	return (int)n;
}

static void flags(struct run *run)
{
	static const int all[] = {0, O_CLOEXEC, O_NONBLOCK, O_DIRECT, O_CLOEXEC | O_NONBLOCK};
	size_t i;
	int fds[2];

	for (i = 0; i < COUNT(all); i++) {
		if (make(run, all[i], fds) < 0)
			continue;
		note(run, "descriptor flags %d, status flags %#x",
			run->calls->fcntl(fds[1], F_GETFD),
			(unsigned)run->calls->fcntl(fds[1], F_GETFL));
		note_flags(run, "reading end", fds[0]);
		note_flags(run, "writing end", fds[1]);
	}
}

static void bad_flags(struct run *run)
{
	int fds[2] = {-7, -7};

	make(run, O_APPEND, fds);
	make(run, -1, fds);
	note(run, "untouched: %d %d", fds[0], fds[1]);
	result(run, "pipe2", enter(run)->pipe2(nowhere(), 0));
}

static void waits(struct run *run)
{
	struct peer peer = {.act = peer_writes, .data = "hello", .size = 5};
	char buf[16];
	int fds[2];

	if (make(run, run->kind, fds) < 0)
		return;
	peer.fd = fds[1];
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(fds[0], buf, sizeof(buf)));
	peer_join(&peer);
}

/* pipe(2): in packet mode each read takes one write, and what does not fit is lost. */
static void packets(struct run *run)
{
	char buf[16];
	int fds[2];

	if (make(run, O_DIRECT, fds) < 0)
		return;
	result(run, "write", enter(run)->write(fds[1], "one", 3));
	result(run, "write", enter(run)->write(fds[1], "second", 6));
	result(run, "read", enter(run)->read(fds[0], buf, sizeof(buf)));
	result(run, "read", enter(run)->read(fds[0], buf, 2));
	check(run, run->calls->fcntl(fds[0], F_SETFL, O_NONBLOCK) == 0);
	result(run, "read", enter(run)->read(fds[0], buf, sizeof(buf)));
	took_no_wait(run);
}

/* Each end has a description, and a flag, of its own. */
static void one_end_nonblocking(struct run *run)
{
	struct peer peer = {.act = peer_writes, .data = "hello", .size = 5};
	char buf[16];
	int fds[2];

	if (make(run, O_NONBLOCK, fds) < 0)
		return;
	check(run, run->calls->fcntl(fds[0], F_SETFL, 0) == 0);
	peer.fd = fds[1];
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(fds[0], buf, sizeof(buf)));
	peer_join(&peer);
	fill_up(run, &(struct pair){fds[1], fds[0]});
	result(run, "write", enter(run)->write(fds[1], buf, sizeof(buf)));
	took_no_wait(run);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"flags", flags},
		{"bad flags", bad_flags},
		{"waits", waits, 0},
		{"waits, close-on-exec", waits, O_CLOEXEC},
		{"packets", packets},
		{"packets that wait", waits, O_DIRECT},
		{"one end non-blocking", one_end_nonblocking},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pipe2");
}
