/* incoming_limits.c - calls that take bytes in and must not wait for ever: user's
 * O_NONBLOCK, SO_RCVTIMEO, signals. */
#include "harness/incoming.h"
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <sched.h>
#include <signal.h>
#include <unistd.h>

static void set_timeout(struct run *run, int fd, long us)
{
	const struct timeval timeout = {us / 1000000, us % 1000000};

	check(run, run->calls->setsockopt(
			   fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) == 0);
}

static void nonblocking_by_fcntl(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	check(run, run->calls->fcntl(pair.mine, F_SETFL, O_NONBLOCK) == 0);
	take(run, pair.mine, 16);
	took_no_wait(run);
	pair_put(run, &pair, "hello");
	take(run, pair.mine, 16);
	take(run, pair.mine, 16);
	took_no_wait(run);
	note(run, "flags %#x", (unsigned)run->calls->fcntl(pair.mine, F_GETFL));
	check(run, run->calls->fcntl(pair.mine, F_SETFL, 0) == 0);
	take_when_written(run, &pair, "blocking again");
}

static void nonblocking_by_ioctl(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	int on = 1, off = 0;

	check(run, run->calls->ioctl(pair.mine, FIONBIO, &on) == 0);
	take(run, pair.mine, 16);
	took_no_wait(run);
	note_flags(run, "mine", pair.mine);
	check(run, run->calls->ioctl(pair.mine, FIONBIO, &off) == 0);
	take_when_written(run, &pair, "blocking again");
}

static void nonblocking_from_birth(struct run *run)
{
	int fds[2] = {-1, -1};

	check(run, run->calls->socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
	keep(run, fds[0]);
	keep(run, fds[1]);
	take(run, fds[0], 16);
	took_no_wait(run);
	check(run, run->calls->write(fds[1], "hello", 5) == 5);
	take(run, fds[0], 16);
	take(run, fds[0], 16);
	took_no_wait(run);
}

static void nonblocking_pipe_from_birth(struct run *run)
{
	int fds[2] = {-1, -1};

	check(run, run->calls->pipe2(fds, O_NONBLOCK) == 0);
	keep(run, fds[0]);
	keep(run, fds[1]);
	take(run, fds[0], 16);
	took_no_wait(run);
}

/* The flag belongs to the description: set through a copy, it counts for the original. */
static void nonblocking_through_a_copy(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	int copy = keep(run, run->calls->dup(pair.mine));

	check(run, run->calls->fcntl(copy, F_SETFL, O_NONBLOCK) == 0);
	take(run, copy, 16);
	took_no_wait(run);
	take(run, pair.mine, 16);
	took_no_wait(run);
}

static void nonblocking_by_foreign_code(struct run *run)
{
	struct pair pair = pair_open_foreign(run, 0, TO_ME);

	fcntl(pair.mine, F_SETFL, O_NONBLOCK);
	take(run, pair.mine, 16);
	took_no_wait(run);
	fcntl(pair.mine, F_SETFL, 0);
	take_when_written(run, &pair, "blocking again");
}

static void timeout_passes(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	set_timeout(run, pair.mine, 30000);
	take(run, pair.mine, 16);
	took(run, 30);
	take(run, pair.mine, 16);
	took(run, 30);
	pair_put(run, &pair, "late");
	take(run, pair.mine, 16);
}

static void timeout_of_a_microsecond(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	set_timeout(run, pair.mine, 1);
	take(run, pair.mine, 16);
}

static void timeout_set_by_foreign_code(struct run *run)
{
	struct pair pair = pair_open_foreign(run, 0, TO_ME);
	const struct timeval timeout = {0, 30000};

	setsockopt(pair.mine, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	take(run, pair.mine, 16);
	took(run, 30);
}

static void data_before_the_timeout(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	set_timeout(run, pair.mine, 60000000);
	take_when_written(run, &pair, "in time");
}

static void timeout_of_zero_is_none(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	set_timeout(run, pair.mine, 10000);
	take(run, pair.mine, 16);
	set_timeout(run, pair.mine, 0);
	take_when_written(run, &pair, "at last");
}

static void timeout_is_the_socket_s(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	int copy = keep(run, run->calls->dup(pair.mine));

	set_timeout(run, copy, 20000);
	take(run, pair.mine, 16);
	took(run, 20);
	take(run, copy, 16);
	took(run, 20);
}

static void timeout_ends_with_the_socket(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME), next;

	set_timeout(run, pair.mine, 10000);
	take(run, pair.mine, 16);
	let_go(run, pair.mine);
	check(run, run->calls->close(pair.mine) == 0);
	next = pair_open(run, 0, TO_ME);
	take_when_written(run, &next, "no timeout here");
}

static void sending_timeout_does_not_count(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	const struct timeval timeout = {0, 1000};

	check(run, run->calls->setsockopt(pair.mine, SOL_SOCKET, SO_SNDTIMEO, &timeout,
			   sizeof(timeout)) == 0);
	take_when_written(run, &pair, "hello");
}

static void interrupted(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	take(run, pair.mine, 16);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	take_when_written(run, &pair, "hello");
}

static void peer_signals_then_writes(struct peer *peer)
{
	tgkill(getpid(), peer->run->home, SIGUSR1);
	while (!caught(SIGUSR1))
		sched_yield();
	peer_await(peer);
	peer_writes(peer);
}

static void restarted(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_signals_then_writes, .fd = pair.theirs,
		.data = "hello", .size = 5};

	catch_signal(run, SIGUSR1, SA_RESTART);
	peer_start(run, &peer);
	take(run, pair.mine, 16);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

/* signal(7): with a timeout set, a socket call fails with EINTR in spite of
 * SA_RESTART. */
static void not_restarted_with_a_timeout(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	set_timeout(run, pair.mine, 60000000);
	catch_signal(run, SIGUSR1, SA_RESTART);
	peer_start(run, &peer);
	take(run, pair.mine, 16);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

#define TIMEOUTS(kind) \
	{"timeout passes (" #kind ")", timeout_passes, kind}, \
	{"data before the timeout (" #kind ")", data_before_the_timeout, kind}

#define NONBLOCKING(kind) \
	{"non-blocking by fcntl (" #kind ")", nonblocking_by_fcntl, kind}, \
	{"non-blocking by ioctl (" #kind ")", nonblocking_by_ioctl, kind}, \
	{"non-blocking through a copy (" #kind ")", nonblocking_through_a_copy, kind}

#define SIGNALS(kind) \
	{"interrupted (" #kind ")", interrupted, kind, PLAIN | ROOT}, \
	{"restarted (" #kind ")", restarted, kind, PLAIN | ROOT}

static const struct scenario on_sockets[] = {
	NONBLOCKING(TCP),
	NONBLOCKING(UNIX_STREAM),
	NONBLOCKING(UDP),
	{"non-blocking from birth", nonblocking_from_birth},
	{"non-blocking by foreign code", nonblocking_by_foreign_code, TCP},
	TIMEOUTS(TCP),
	TIMEOUTS(UNIX_STREAM),
	TIMEOUTS(UDP),
	{"timeout of a microsecond", timeout_of_a_microsecond, TCP},
	{"timeout set by foreign code", timeout_set_by_foreign_code, TCP},
	{"timeout of zero is none", timeout_of_zero_is_none, TCP},
	{"timeout is the socket's", timeout_is_the_socket_s, TCP},
	{"timeout ends with the socket", timeout_ends_with_the_socket, TCP},
	{"sending timeout does not count", sending_timeout_does_not_count, TCP},
	SIGNALS(TCP),
	SIGNALS(UNIX_STREAM),
	SIGNALS(UDP),
	{"not restarted with a timeout", not_restarted_with_a_timeout, TCP, PLAIN | ROOT},
};

static const struct scenario on_files[] = {
	NONBLOCKING(PIPE),
	NONBLOCKING(FIFO),
	NONBLOCKING(PTY),
	{"non-blocking from birth (pipe)", nonblocking_pipe_from_birth},
	{"non-blocking by foreign code (pipe)", nonblocking_by_foreign_code, PIPE},
	SIGNALS(PIPE),
	SIGNALS(FIFO),
	SIGNALS(PTY),
};

void incoming_add_limits(const struct incoming *verb)
{
	suite_add(on_sockets, COUNT(on_sockets), verb);
	if (!verb->sockets_only)
		suite_add(on_files, COUNT(on_files), verb);
}
