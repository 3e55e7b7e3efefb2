/* arrivals.c - calls that take bytes in, on every kind of pair, under every condition. */
#include "condition.h"
#include "kinds.h"
#include "point.h"
#include "taker.h"

#include "harness/interrupt.h"
#include "harness/mate.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { ROOM = 16 };

/* As much as any form of a call waits for. */
static const char line[] = "hello, world!!!\n";

static const struct taker *taker_of(const struct run *run)
{
	return point_of(run)->verb;
}

static void take(struct run *run, int fd)
{
	char buf[ROOM + 1] = {0};

	taker_of(run)->take(run, fd, buf, ROOM);
}

static struct pair open_pair(struct run *run)
{
	taker_begin();
	return pair_open(run, 0, TO_ME);
}

static void note_left(struct run *run, int fd)
{
	int left = -1;

	if (!ioctl(fd, FIONREAD, &left))
		note(run, "left: %d", left);
}

/* A terminal passes them on in its own time. */
static void await_bytes(int fd, int n)
{
	int there = 0;

	while (!ioctl(fd, FIONREAD, &there) && there < n)
		sched_yield();
}

static void is_there(struct run *run)
{
	struct pair pair = open_pair(run);

	pair_put(run, &pair, line);
	take(run, pair.mine);
	note_left(run, pair.mine);
}

static void is_there_twice(struct run *run)
{
	struct pair pair = open_pair(run);

	pair_put(run, &pair, line);
	pair_put(run, &pair, line);
	await_bytes(pair.mine, 2 * ROOM);
	take(run, pair.mine);
	take(run, pair.mine);
	note_left(run, pair.mine);
}

static void comes(struct run *run)
{
	struct pair pair = open_pair(run);
	struct peer peer = {.act = peer_writes, .fd = pair.theirs, .data = line, .size = ROOM};

	peer_start(run, &peer);
	take(run, pair.mine);
	peer_join(&peer);
	note_left(run, pair.mine);
}

/* The second part comes when the call waits for it. */
static void peer_writes_parts(struct peer *peer)
{
	struct peer part = *peer;

	part.size = 7;
	peer_writes(&part);
	peer_await(peer);
	part.data = line + 7;
	part.size = ROOM - 7;
	peer_writes(&part);
}

static void comes_in_parts(struct run *run)
{
	struct pair pair = open_pair(run);
	struct peer peer = {.act = peer_writes_parts, .fd = pair.theirs, .data = line};

	peer_start(run, &peer);
	take(run, pair.mine);
	peer_join(&peer);
	note_left(run, pair.mine);
}

static void ends(struct run *run)
{
	struct pair pair = open_pair(run);
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};

	peer_start(run, &peer);
	take(run, pair.mine);
	peer_join(&peer);
	take(run, pair.mine);
}

static void half_ends(struct run *run)
{
	struct pair pair = open_pair(run);
	struct peer peer = {.act = peer_shuts_down, .fd = pair.theirs};

	peer_start(run, &peer);
	take(run, pair.mine);
	peer_join(&peer);
}

static void ended(struct run *run)
{
	struct pair pair = open_pair(run);
	struct pollfd p = {pair.mine, POLLRDHUP, 0};

	pair_put(run, &pair, "bye");
	let_go(run, pair.theirs);
	close(pair.theirs);
	check(run, poll(&p, 1, -1) == 1);
	take(run, pair.mine);
	take(run, pair.mine);
}

static void is_reset(struct run *run)
{
	struct pair pair = open_pair(run);
	struct peer peer = {.act = peer_resets, .fd = pair.theirs};

	peer_start(run, &peer);
	take(run, pair.mine);
	peer_join(&peer);
	take(run, pair.mine);
}

/* A datagram to where nobody is any more: the refusal comes back. */
static void peer_provokes_refusal(struct peer *peer)
{
	const int *mine = peer->arg;

	peer_closes(peer);
	check(peer->run, send(*mine, "?", 1, 0) == 1);
}

static void is_refused(struct run *run)
{
	struct pair pair = open_pair(run);
	struct peer peer = {
		.act = peer_provokes_refusal, .fd = pair.theirs, .arg = &pair.mine};

	peer_start(run, &peer);
	take(run, pair.mine);
	peer_join(&peer);
}

static void set_timeout(struct run *run, int fd, long us)
{
	const struct timeval timeout = {us / 1000000, us % 1000000};

	check(run, run->calls->setsockopt(
			   fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)) == 0);
}

static void times_out(struct run *run)
{
	struct pair pair = open_pair(run);

	set_timeout(run, pair.mine, 20000);
	take(run, pair.mine);
	pair_put(run, &pair, line);
	take(run, pair.mine);
}

static void times_out_after_a_part(struct run *run)
{
	struct pair pair = open_pair(run);

	set_timeout(run, pair.mine, 20000);
	pair_put(run, &pair, "hel");
	take(run, pair.mine);
	note_left(run, pair.mine);
}

static void interrupted_with_timeout(struct run *run)
{
	struct pair pair = open_pair(run);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	set_timeout(run, pair.mine, 60000000);
	catch_signal(run, SIGUSR1, SA_RESTART);
	peer_start(run, &peer);
	take(run, pair.mine);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void interrupted(struct run *run)
{
	struct pair pair = open_pair(run);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	take(run, pair.mine);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	pair_put(run, &pair, line);
	take(run, pair.mine);
}

static void interrupted_after_a_part(struct run *run)
{
	const int stdio = taker_of(run)->traits & STDIO;
	struct pair pair = open_pair(run);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, stdio ? 0 : SA_RESTART);
	pair_put(run, &pair, "hel");
	peer_start(run, &peer);
	take(run, pair.mine);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	note_left(run, pair.mine);
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
	struct pair pair = open_pair(run);
	struct peer peer = {.act = peer_signals_then_writes,
		.fd = pair.theirs,
		.data = line,
		.size = ROOM};

	catch_signal(run, SIGUSR1, SA_RESTART);
	peer_start(run, &peer);
	take(run, pair.mine);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void not_restarted(struct run *run)
{
	struct pair pair = open_pair(run);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, SA_RESTART);
	peer_start(run, &peer);
	take(run, pair.mine);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void nonblocking(struct run *run)
{
	struct pair pair = open_pair(run);

	check(run, run->calls->fcntl(pair.mine, F_SETFL, O_NONBLOCK) == 0);
	take(run, pair.mine);
	took_no_wait(run);
	pair_put(run, &pair, line);
	take(run, pair.mine);
	note_left(run, pair.mine);
}

static void nonblocking_with_a_part(struct run *run)
{
	struct pair pair = open_pair(run);
	int on = 1;

	check(run, run->calls->ioctl(pair.mine, FIONBIO, &on) == 0);
	pair_put(run, &pair, "hel");
	take(run, pair.mine);
	took_no_wait(run);
	note_left(run, pair.mine);
}

static void bad_buffer(struct run *run)
{
	struct pair pair = open_pair(run);

	check(run, run->calls->fcntl(pair.mine, F_SETFL, O_NONBLOCK) == 0);
	pair_put(run, &pair, line);
	taker_of(run)->take(run, pair.mine, nowhere(), ROOM);
	note_left(run, pair.mine);
	take(run, pair.mine);
}

static void bad_buffer_and_nothing_there(struct run *run)
{
	struct pair pair = open_pair(run);

	check(run, run->calls->fcntl(pair.mine, F_SETFL, O_NONBLOCK) == 0);
	taker_of(run)->take(run, pair.mine, nowhere(), ROOM);
}

static void no_room(struct run *run)
{
	struct pair pair = open_pair(run);
	char none[ROOM];

	pair_put(run, &pair, line);
	taker_of(run)->take(run, pair.mine, none, 0);
	note_left(run, pair.mine);
}

static void shut_down(struct run *run)
{
	struct pair pair = open_pair(run);

	check(run, run->calls->shutdown(pair.mine, SHUT_RD) == 0);
	take(run, pair.mine);
}

static void take_in_mate(struct mate *mate)
{
	struct run *run = mate->run;

	mate_enter(mate);
	take(run, *(int *)mate->arg);
	mate_leave(mate, 0);
}

static void shut_down_meanwhile(struct run *run)
{
	struct pair pair = open_pair(run);
	struct mate mate = {.act = take_in_mate, .arg = &pair.mine};

	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	check(run, run->calls->shutdown(pair.mine, SHUT_RDWR) == 0);
	mate_join(&mate);
}

/* A thread in libc goes on with what it began to read from; among fibers it hears of the
 * end at once, before anything comes. */
static void closed_meanwhile(struct run *run)
{
	struct pair pair = open_pair(run);
	struct mate mate = {.act = take_in_mate, .arg = &pair.mine};

	signal(SIGPIPE, SIG_IGN);
	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	let_go(run, pair.mine);
	check(run, run->calls->close(pair.mine) == 0);
	if (run->mode != PLAIN)
		await_flag(run, &mate.done);
	if (write(pair.theirs, line, ROOM) < 0 && run->mode == PLAIN)
		check(run, errno == 0);
	mate_join(&mate);
}

static const struct condition conditions[] = {
	{"there", is_there, ALL_KINDS},
	{"there twice", is_there_twice, STREAMS},
	{"comes", comes, ALL_KINDS, NEVER},
	{"comes in parts", comes_in_parts, STREAMS, NEVER, WHOLE},
	{"ends", ends, STREAM_SOCKETS | PIPES | 1 << UNIX_SEQPACKET, NEVER},
	{"half ends", half_ends, STREAM_SOCKETS | 1 << UNIX_SEQPACKET, NEVER},
	{"ended", ended, STREAM_SOCKETS | PIPES},
	{"is reset", is_reset, INET_STREAMS, NEVER},
	{"is refused", is_refused, 1 << UDP, NEVER},
	{"times out", times_out, SOCKETS, NEVER | EAGER},
	{"times out after a part", times_out_after_a_part, STREAM_SOCKETS, NEVER, WHOLE},
	{"interrupted", interrupted, ALL_KINDS, NEVER, 0, PLAIN | ROOT},
	{"interrupted after a part", interrupted_after_a_part, STREAMS, NEVER, WHOLE,
		PLAIN | ROOT},
	{"interrupted, with a timeout", interrupted_with_timeout, SOCKETS, NEVER | EAGER, 0,
		PLAIN | ROOT},
	{"restarted", restarted, ALL_KINDS, NEVER | EAGER, 0, PLAIN | ROOT},
	{"not restarted", not_restarted, ALL_KINDS, NEVER, EAGER, PLAIN | ROOT},
	{"non-blocking", nonblocking, ALL_KINDS, EAGER | DEAF},
	{"non-blocking with a part", nonblocking_with_a_part, STREAMS, NEVER, WHOLE},
	{"bad buffer", bad_buffer, ALL_KINDS, STDIO | NO_BUFFER},
	{"bad buffer and nothing there", bad_buffer_and_nothing_there, ALL_KINDS,
		STDIO | NO_BUFFER | DEAF},
	{"no room", no_room, ALL_KINDS, STDIO | EAGER},
	{"shut down", shut_down, SOCKETS, NEVER},
	{"shut down meanwhile", shut_down_meanwhile, SOCKETS, NEVER},
	{"closed meanwhile", closed_meanwhile, ALL_KINDS, NEVER | EPOLLS},
};

void arrivals_add(void)
{
	for (size_t i = 0; i < ntakers; i++) {
		const struct taker *t = &takers[i];
		conditions_add((struct form){t->call, t->how, t->kinds, t->traits, t},
			conditions, COUNT(conditions));
	}
}
