/* vmsplice.c - vmsplice(2) through libc and through its mirror. */
#include "harness/doomed.h"
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static ssize_t map(struct run *run, int fd, void *bytes, size_t n, unsigned flags)
{
	const struct iovec part = {bytes, n};

	return result(run, "vmsplice", enter(run)->vmsplice(fd, &part, 1, flags));
}

static void writes(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, FROM_ME);
	char bytes[] = "hello", got[32];

	errno = EDOM;
	map(run, pair.mine, bytes, 5, 0);
	took_no_wait(run);
	note_bytes(run, "got", got, read(pair.theirs, got, sizeof(got)));
}

static void peer_empties(struct peer *peer)
{
	char buf[4096];

	open_up(peer->fd);
	while (read(peer->fd, buf, sizeof(buf)) == sizeof(buf))
		;
}

static void waits_for_room(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, FROM_ME);
	struct peer peer = {.act = peer_empties, .fd = pair.theirs};
	static char bytes[] = "hello";

	fill_up(run, &pair);
	map(run, pair.mine, bytes, 5, SPLICE_F_NONBLOCK);
	peer_start(run, &peer);
	map(run, pair.mine, bytes, 5, 0);
	peer_join(&peer);
}

static void waits_for_data(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	struct peer end = {.act = peer_closes, .fd = pair.theirs};
	char bytes[32];

	peer_start(run, &peer);
	note_bytes(run, "got", bytes, map(run, pair.mine, bytes, sizeof(bytes), 0));
	peer_join(&peer);
	map(run, pair.mine, bytes, sizeof(bytes), SPLICE_F_NONBLOCK);
	peer_start(run, &end);
	map(run, pair.mine, bytes, sizeof(bytes), 0);
	peer_join(&end);
}

static void refused(struct run *run)
{
	struct pair pipe = pair_open(run, PIPE, FROM_ME),
		    tcp = pair_open(run, TCP, TO_ME);
	char byte;

	map(run, 900, &byte, 1, 0);
	map(run, tcp.mine, &byte, 1, 0);
	map(run, pipe.mine, nowhere(), 1, 0);
	map(run, pipe.mine, &byte, 1, 0x100);
	result(run, "vmsplice", enter(run)->vmsplice(pipe.mine, NULL, 0, 0));
	result(run, "vmsplice", enter(run)->vmsplice(pipe.mine, nowhere(), 1, 0));
	took_no_wait(run);
}

static void interrupted(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};
	char byte;

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	map(run, pair.mine, &byte, 1, 0);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void doomed_maps(struct doomed *doomed)
{
	char byte;
	const struct iovec part = {&byte, 1};

	doomed_enter(doomed)->vmsplice(doomed->fd, &part, 1, 0);
}

static void cancelled(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct doomed doomed = {.act = doomed_maps, .fd = pair.mine, .sort = OWN};

	doomed_meets_end(run, &doomed);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"writes", writes},
		{"waits for room", waits_for_room},
		{"waits for data", waits_for_data},
		{"refused", refused},
		{"interrupted", interrupted, 0, PLAIN | ROOT},
		{"cancelled", cancelled},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("vmsplice");
}
