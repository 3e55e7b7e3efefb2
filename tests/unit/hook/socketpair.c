/* socketpair.c - socketpair(2) through libc and through its mirror. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <string.h>
#include <unistd.h>

static int make(struct run *run, int type, int fds[2])
{
	ssize_t n = result(run, "socketpair", enter(run)->socketpair(AF_UNIX, type, 0, fds));

	if (n == 0) {
		keep(run, fds[0]);
		keep(run, fds[1]);
	}
	return (int)n;
}

static void note_both(struct run *run, const int fds[2])
{
	int i;

	for (i = 0; i < 2; i++) {
		note(run, "descriptor flags %d, status flags %#x",
			run->calls->fcntl(fds[i], F_GETFD),
			(unsigned)run->calls->fcntl(fds[i], F_GETFL));
		note_flags(run, "an end", fds[i]);
	}
}

static void flags(struct run *run)
{
	int fds[2];

	if (make(run, SOCK_STREAM, fds) == 0)
		note_both(run, fds);
	if (make(run, SOCK_DGRAM | SOCK_CLOEXEC, fds) == 0)
		note_both(run, fds);
	if (make(run, SOCK_SEQPACKET | SOCK_NONBLOCK, fds) == 0)
		note_both(run, fds);
}

static void both_ends_wait(struct run *run)
{
	struct peer peer = {.act = peer_writes, .data = "hello", .size = 5};
	char buf[16];
	int fds[2], i;

	if (make(run, run->kind, fds) < 0)
		return;
	for (i = 0; i < 2; i++) {
		peer.fd = fds[!i];
		peer_start(run, &peer);
		result(run, "read", enter(run)->read(fds[i], buf, sizeof(buf)));
		peer_join(&peer);
	}
}

static void errors(struct run *run)
{
	int fds[2];

	result(run, "socketpair", enter(run)->socketpair(AF_INET, SOCK_STREAM, 0, fds));
	result(run, "socketpair", enter(run)->socketpair(AF_UNIX, 77, 0, fds));
	result(run, "socketpair", enter(run)->socketpair(-1, SOCK_STREAM, 0, fds));
	result(run, "socketpair",
		enter(run)->socketpair(AF_UNIX, SOCK_STREAM, 0, nowhere()));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"flags", flags},
		{"both ends wait (stream)", both_ends_wait, SOCK_STREAM},
		{"both ends wait (datagram)", both_ends_wait, SOCK_DGRAM},
		{"both ends wait (seqpacket)", both_ends_wait, SOCK_SEQPACKET},
		{"errors", errors},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("socketpair");
}
