/* tee.c - tee(2) through libc and through its mirror. */
#include "harness/doomed.h"
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static ssize_t copy(struct run *run, int in, int out, size_t n, unsigned flags)
{
	return result(run, "tee", enter(run)->tee(in, out, n, flags));
}

static void note_there(struct run *run, int fd)
{
	char got[32];

	note_bytes(run, "there", got, read(fd, got, sizeof(got)));
}

static void waits_for_data(struct run *run)
{
	struct pair in = pair_open(run, PIPE, TO_ME), out = pair_open(run, PIPE, FROM_ME);
	struct peer peer = {
		.act = peer_writes, .fd = in.theirs, .data = "hello", .size = 5};
	struct peer end = {.act = peer_closes, .fd = in.theirs};

	errno = EDOM;
	peer_start(run, &peer);
	copy(run, in.mine, out.mine, 100, 0);
	peer_join(&peer);
	copy(run, in.mine, out.mine, 3, 0);
	took_no_wait(run);
	note_there(run, out.theirs);
	note_there(run, in.mine);
	copy(run, in.mine, out.mine, 3, SPLICE_F_NONBLOCK);
	peer_start(run, &end);
	copy(run, in.mine, out.mine, 100, 0);
	peer_join(&end);
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
	struct pair in = pair_open(run, PIPE, TO_ME), out = pair_open(run, PIPE, FROM_ME);
	struct peer peer = {.act = peer_empties, .fd = out.theirs};

	fill_up(run, &out);
	pair_put(run, &in, "hello");
	copy(run, in.mine, out.mine, 100, SPLICE_F_NONBLOCK);
	peer_start(run, &peer);
	copy(run, in.mine, out.mine, 100, 0);
	peer_join(&peer);
	note_there(run, in.mine);
}

static void refused(struct run *run)
{
	struct pair in = pair_open(run, PIPE, TO_ME), out = pair_open(run, PIPE, FROM_ME);
	struct pair tcp = pair_open(run, TCP, TO_ME);

	copy(run, 900, out.mine, 5, 0);
	copy(run, in.mine, 900, 5, 0);
	copy(run, out.mine, in.mine, 5, 0);
	copy(run, in.mine, tcp.mine, 5, 0);
	copy(run, in.mine, out.mine, 0, 0);
	copy(run, in.mine, out.mine, 5, 0x100);
	check(run, run->calls->fcntl(in.mine, F_SETFL, O_NONBLOCK) == 0);
	copy(run, in.mine, out.mine, 5, 0);
	took_no_wait(run);
}

static void interrupted(struct run *run)
{
	struct pair in = pair_open(run, PIPE, TO_ME), out = pair_open(run, PIPE, FROM_ME);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	copy(run, in.mine, out.mine, 100, 0);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

struct ends {
	int in, out;
};

static void doomed_copies(struct doomed *doomed)
{
	const struct ends *ends = doomed->arg;

	doomed_enter(doomed)->tee(ends->in, ends->out, 100, 0);
}

static void cancelled(struct run *run)
{
	struct pair in = pair_open(run, PIPE, TO_ME), out = pair_open(run, PIPE, FROM_ME);
	struct ends ends = {in.mine, out.mine};
	struct doomed doomed = {.act = doomed_copies, .arg = &ends, .sort = OWN};

	doomed_meets_end(run, &doomed);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"waits for data", waits_for_data},
		{"waits for room", waits_for_room},
		{"refused", refused},
		{"interrupted", interrupted, 0, PLAIN | ROOT},
		{"cancelled", cancelled},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("tee");
}
