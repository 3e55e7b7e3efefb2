/* outgoing_limits.c - calls that give bytes away and must not wait for ever: user's
 * O_NONBLOCK, SO_SNDTIMEO, signals. */
#include "harness/outgoing.h"
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <sched.h>
#include <signal.h>
#include <unistd.h>

static struct pair full_pair(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);

	narrow(run, &pair);
	fill_up(run, &pair);
	return pair;
}

static void set_timeout(struct run *run, int fd, long us)
{
	const struct timeval timeout = {us / 1000000, us % 1000000};

	check(run, run->calls->setsockopt(
			   fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) == 0);
}

static void nonblocking_and_full(struct run *run)
{
	struct pair pair = full_pair(run);

	check(run, run->calls->fcntl(pair.mine, F_SETFL, O_NONBLOCK) == 0);
	give(run, pair.mine, 4096);
	took_no_wait(run);
	note_flags(run, "mine", pair.mine);
}

static void nonblocking_by_ioctl_and_full(struct run *run)
{
	struct pair pair = full_pair(run);
	int on = 1;

	check(run, run->calls->ioctl(pair.mine, FIONBIO, &on) == 0);
	give(run, pair.mine, 4096);
	took_no_wait(run);
}

static void nonblocking_gives_a_part(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);

	narrow(run, &pair);
	check(run, run->calls->fcntl(pair.mine, F_SETFL, O_NONBLOCK) == 0);
	give_roughly(run, pair.mine, MORE_THAN_FITS, 0);
	took_no_wait(run);
	fill_up(run, &pair);
	give_roughly(run, pair.mine, MORE_THAN_FITS, 0);
	took_no_wait(run);
	check(run, run->calls->fcntl(pair.mine, F_SETFL, 0) == 0);
}

static void nonblocking_by_foreign_code(struct run *run)
{
	struct pair pair = pair_open_foreign(run, 0, FROM_ME);

	narrow(run, &pair);
	fcntl(pair.mine, F_SETFL, O_NONBLOCK);
	give_roughly(run, pair.mine, MORE_THAN_FITS, 0);
	took_no_wait(run);
	fill_up(run, &pair);
	give(run, pair.mine, 4096);
	took_no_wait(run);
}

static void timeout_passes(struct run *run)
{
	struct pair pair = full_pair(run);

	set_timeout(run, pair.mine, 30000);
	give(run, pair.mine, 4096);
	took(run, 30);
}

static void timeout_after_a_part(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);

	narrow(run, &pair);
	set_timeout(run, pair.mine, 30000);
	give_roughly(run, pair.mine, MORE_THAN_FITS, 0);
	took(run, 30); /* whether there is room by now is TCP's affair */
}

/* Now and then something is taken, so that the call makes progress all the time; it has
 * one deadline all the same. */
static void peer_sips(struct peer *peer)
{
	char buf[8192];

	while (!atomic_load(&peer->run->spot.left)) {
		const struct timespec pause = {0, 2000000};

		if (recv(peer->fd, buf, sizeof(buf), MSG_DONTWAIT) < 0)
			sched_yield();
		nanosleep(&pause, NULL);
	}
}

static void timeout_counts_for_the_whole_call(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {.act = peer_sips, .fd = pair.theirs};

	narrow(run, &pair);
	set_timeout(run, pair.mine, 50000);
	peer_start(run, &peer);
	give_roughly(run, pair.mine, MORE_THAN_FITS, 0);
	peer_join(&peer);
	took(run, 50);
	check(run, run->took_ns < 2000 * MS);
}

static void room_before_the_timeout(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);

	narrow(run, &pair);
	set_timeout(run, pair.mine, 60000000);
	give_when_drained(run, &pair, MORE_THAN_FITS);
}

static void timeout_of_zero_is_none(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);

	narrow(run, &pair);
	set_timeout(run, pair.mine, 10000);
	set_timeout(run, pair.mine, 0);
	give_when_drained(run, &pair, MORE_THAN_FITS);
}

static void receiving_timeout_does_not_count(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	const struct timeval timeout = {0, 1000};

	narrow(run, &pair);
	check(run, run->calls->setsockopt(pair.mine, SOL_SOCKET, SO_RCVTIMEO, &timeout,
			   sizeof(timeout)) == 0);
	give_when_drained(run, &pair, MORE_THAN_FITS);
}

static void interrupted(struct run *run)
{
	struct pair pair = full_pair(run);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	give(run, pair.mine, 4096);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void interrupted_after_a_part(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	narrow(run, &pair);
	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	give_roughly(run, pair.mine, MORE_THAN_FITS, 0);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void peer_signals_then_drains(struct peer *peer)
{
	char buf[4096];

	tgkill(getpid(), peer->run->home, SIGUSR1);
	while (!caught(SIGUSR1))
		sched_yield();
	peer_await(peer);
	open_up(peer->fd);
	while (!atomic_load(&peer->run->spot.left)) {
		if (recv(peer->fd, buf, sizeof(buf), MSG_DONTWAIT) < 0)
			sched_yield();
	}
}

/* Nothing was given yet when the signal came: the call starts again. */
static void restarted(struct run *run)
{
	struct pair pair = full_pair(run);
	struct peer peer = {.act = peer_signals_then_drains, .fd = pair.theirs};

	catch_signal(run, SIGUSR1, SA_RESTART);
	peer_start(run, &peer);
	give(run, pair.mine, 4096);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

#define NONBLOCKING(kind) \
	{"non-blocking and full (" #kind ")", nonblocking_and_full, kind}, \
	{"non-blocking by ioctl and full (" #kind ")", nonblocking_by_ioctl_and_full, \
		kind}, \
	{"non-blocking gives a part (" #kind ")", nonblocking_gives_a_part, kind}, \
	{"non-blocking by foreign code (" #kind ")", nonblocking_by_foreign_code, kind}

#define TIMEOUTS(kind) \
	{"timeout passes (" #kind ")", timeout_passes, kind}, \
	{"timeout after a part (" #kind ")", timeout_after_a_part, kind}, \
	{"room before the timeout (" #kind ")", room_before_the_timeout, kind}, \
	{"timeout of zero is none (" #kind ")", timeout_of_zero_is_none, kind}, \
	{"receiving timeout does not count (" #kind ")", \
		receiving_timeout_does_not_count, kind}

#define SIGNALS(kind) \
	{"interrupted (" #kind ")", interrupted, kind, PLAIN | ROOT}, \
	{"interrupted after a part (" #kind ")", interrupted_after_a_part, kind, \
		PLAIN | ROOT}

static const struct scenario on_sockets[] = {
	NONBLOCKING(TCP),
	NONBLOCKING(UNIX_STREAM),
	TIMEOUTS(TCP),
	TIMEOUTS(UNIX_STREAM),
	{"timeout counts for the whole call", timeout_counts_for_the_whole_call, TCP},
	SIGNALS(TCP),
	SIGNALS(UNIX_STREAM),
	{"restarted (TCP)", restarted, TCP, PLAIN | ROOT},
	{"restarted (UNIX_STREAM)", restarted, UNIX_STREAM, PLAIN | ROOT},
};

static const struct scenario on_files[] = {
	NONBLOCKING(PIPE),
	NONBLOCKING(FIFO),
	NONBLOCKING(PTY),
	SIGNALS(PIPE),
	SIGNALS(FIFO),
	SIGNALS(PTY),
};

void outgoing_add_limits(const struct outgoing *verb)
{
	suite_add(on_sockets, COUNT(on_sockets), verb);
	if (!verb->sockets_only)
		suite_add(on_files, COUNT(on_files), verb);
}
