/* departures.c - calls that give bytes away, on every kind of pair, under every condition.
 *
 * How much of a large gift fits is the kernel's affair and seldom the same twice: of
 * counts that are between nothing and all it is noted that they are. */
#include "condition.h"
#include "giver.h"
#include "kinds.h"
#include "point.h"

#include "harness/interrupt.h"
#include "harness/mate.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LITTLE = 16, MUCH = 1 << 20, MUCH_OF_A_PIPE = 1 << 18 };

static const struct giver *giver_of(const struct run *run)
{
	return point_of(run)->verb;
}

static struct pair open_pair(struct run *run)
{
	giver_begin();
	return pair_open(run, 0, FROM_ME);
}

/* A terminal makes room for a while yet: it is full when it stays so. */
static struct pair full_pair(struct run *run)
{
	struct pair pair = open_pair(run);
	struct pollfd p = {pair.mine, POLLOUT, 0};

	narrow(run, &pair);
	do
		fill_up(run, &pair);
	while (run->kind == PTY && poll(&p, 1, 80) == 1);
	return pair;
}

static ssize_t give(struct run *run, int fd, const void *buf, size_t size)
{
	return result(run, "given", giver_of(run)->give(run, fd, buf, size));
}

static void give_little(struct run *run, int fd)
{
	give(run, fd, "hello, world!!!\n", LITTLE);
}

/* Letters, for those who take text; -1, 0, some or all. */
static ssize_t give_much(struct run *run, int fd, size_t size)
{
	char *bytes = malloc(size);
	ssize_t n;
	int error;

	check(run, bytes != NULL);
	memset(bytes, 'x', size);
	n = giver_of(run)->give(run, fd, bytes, size);
	error = errno;
	result(run, "given", n > 0 && (size_t)n < size ? 2 : n > 2 ? 1 : n);
	if (n < 0)
		note(run, "%s", error_name(error));
	free(bytes);
	return n;
}

static void note_arrived(struct run *run, const struct pair *pair)
{
	struct pollfd p = {pair->theirs, POLLIN, 0};
	char buf[64];

	if (poll(&p, 1, giver_of(run)->traits & EAGER ? 0 : 100) == 1)
		note_bytes(run, "arrived", buf, read(pair->theirs, buf, sizeof(buf)));
}

/* Acts when a part has gone and the call waits to give more. */
static void after_a_part(struct peer *peer, void (*act)(struct peer *peer))
{
	struct pollfd p = {peer->fd, POLLIN, 0};

	check(peer->run, poll(&p, 1, -1) == 1);
	peer_await(peer);
	act(peer);
}

static void peer_closes_after_a_part(struct peer *peer)
{
	after_a_part(peer, peer_closes);
}

/* One that meets the call in the middle of moving bytes does not end a wait of it. */
static void peer_signals_until_it_ends(struct peer *peer)
{
	struct run *run = peer->run;
	int before;

	do {
		before = caught(SIGUSR1);
		peer_signals(peer);
		while (caught(SIGUSR1) == before)
			sched_yield();
	} while (spot_blocked(run, &run->spot));
}

static void peer_signals_after_a_part(struct peer *peer)
{
	after_a_part(peer, peer_signals_until_it_ends);
}

static void has_room(struct run *run)
{
	struct pair pair = open_pair(run);

	give_little(run, pair.mine);
	note_arrived(run, &pair);
}

/* Takes what there is until the call is over. */
static void peer_empties(struct peer *peer)
{
	char buf[4096];
	struct pollfd p = {peer->fd, POLLIN, 0};

	open_up(peer->fd);
	while (!atomic_load(&peer->run->spot.left))
		if (poll(&p, 1, 1) == 1 && read(peer->fd, buf, sizeof(buf)) <= 0)
			break;
}

static void gets_room(struct run *run)
{
	struct pair pair = full_pair(run);
	struct peer peer = {.act = peer_empties, .fd = pair.theirs};

	peer_start(run, &peer);
	give_little(run, pair.mine);
	peer_join(&peer);
}

static void gets_room_bit_by_bit(struct run *run)
{
	struct pair pair = open_pair(run);
	struct peer peer = {.act = peer_empties, .fd = pair.theirs};

	narrow(run, &pair);
	peer_start(run, &peer);
	give_much(run, pair.mine, MUCH);
	peer_join(&peer);
}

static void is_left_alone(struct run *run)
{
	struct pair pair = open_pair(run);
	struct pollfd p = {pair.mine, POLLHUP | POLLERR, 0};

	catch_signal(run, SIGPIPE, 0);
	let_go(run, pair.theirs);
	close(pair.theirs);
	if (run->kind != UNIX_DGRAM)
		check(run, poll(&p, 1, run->kind == TCP || run->kind == TCP6 ? 0 : -1) >= 0);
	give_little(run, pair.mine);
	give_little(run, pair.mine);
	note_caught(run, SIGPIPE);
}

static void is_left_alone_meanwhile(struct run *run)
{
	struct pair pair = full_pair(run);
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};

	catch_signal(run, SIGPIPE, 0);
	peer_start(run, &peer);
	give_little(run, pair.mine);
	peer_join(&peer);
	note_caught(run, SIGPIPE);
}

static void is_left_alone_after_a_part(struct run *run)
{
	struct pair pair = open_pair(run);
	struct peer peer = {
		.act = peer_closes_after_a_part, .fd = pair.theirs, .at_once = true};

	narrow(run, &pair);
	catch_signal(run, SIGPIPE, 0);
	peer_start(run, &peer);
	give_much(run, pair.mine, MUCH);
	peer_join(&peer);
	note_caught(run, SIGPIPE);
}

static void dies_of_it(struct run *run)
{
	struct pair pair = open_pair(run);

	let_go(run, pair.theirs);
	close(pair.theirs);
	give_little(run, pair.mine);
}

static void set_timeout(struct run *run, int fd)
{
	const struct timeval timeout = {0, 20000};

	check(run, run->calls->setsockopt(
			   fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) == 0);
}

static void times_out(struct run *run)
{
	struct pair pair = full_pair(run);

	set_timeout(run, pair.mine);
	give_little(run, pair.mine);
}

static void times_out_after_a_part(struct run *run)
{
	struct pair pair = open_pair(run);

	narrow(run, &pair);
	set_timeout(run, pair.mine);
	give_much(run, pair.mine, MUCH);
}

static void interrupted(struct run *run)
{
	struct pair pair = full_pair(run);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	give_little(run, pair.mine);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void interrupted_after_a_part(struct run *run)
{
	struct pair pair = open_pair(run);
	struct peer peer = {.act = peer_signals_after_a_part,
		.fd = pair.theirs,
		.size = SIGUSR1,
		.at_once = true};

	narrow(run, &pair);
	catch_signal(run, SIGUSR1, SA_RESTART);
	peer_start(run, &peer);
	give_much(run, pair.mine, MUCH);
	peer_join(&peer);
	check(run, caught(SIGUSR1) > 0);
}

static void peer_signals_then_empties(struct peer *peer)
{
	tgkill(getpid(), peer->run->home, SIGUSR1);
	while (!caught(SIGUSR1))
		sched_yield();
	peer_await(peer);
	peer_empties(peer);
}

static void restarted(struct run *run)
{
	struct pair pair = full_pair(run);
	struct peer peer = {.act = peer_signals_then_empties, .fd = pair.theirs};

	catch_signal(run, SIGUSR1, SA_RESTART);
	peer_start(run, &peer);
	give_little(run, pair.mine);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void nonblocking(struct run *run)
{
	struct pair pair = full_pair(run);

	check(run, run->calls->fcntl(pair.mine, F_SETFL, O_NONBLOCK) == 0);
	give_little(run, pair.mine);
	took_no_wait(run);
}

static void nonblocking_with_room_for_a_part(struct run *run)
{
	struct pair pair = open_pair(run);
	int on = 1;

	narrow(run, &pair);
	check(run, run->calls->ioctl(pair.mine, FIONBIO, &on) == 0);
	give_much(run, pair.mine, MUCH);
}

static void bad_buffer(struct run *run)
{
	struct pair pair = open_pair(run);

	give(run, pair.mine, nowhere(), LITTLE);
	note_arrived(run, &pair);
}

static void nothing(struct run *run)
{
	struct pair pair = open_pair(run);

	give(run, pair.mine, "", 0);
	note_arrived(run, &pair);
}

static void nothing_to_a_full_one(struct run *run)
{
	struct pair pair = full_pair(run);

	check(run, run->calls->fcntl(pair.mine, F_SETFL, O_NONBLOCK) == 0);
	give(run, pair.mine, "", 0);
}

static void shut_down(struct run *run)
{
	struct pair pair = open_pair(run);

	catch_signal(run, SIGPIPE, 0);
	check(run, run->calls->shutdown(pair.mine, SHUT_WR) == 0);
	give_little(run, pair.mine);
	note_caught(run, SIGPIPE);
}

static void give_in_mate(struct mate *mate)
{
	struct run *run = mate->run;

	mate_enter(mate);
	give_little(run, *(int *)mate->arg);
	mate_leave(mate, 0);
}

static void shut_down_meanwhile(struct run *run)
{
	struct pair pair = full_pair(run);
	struct mate mate = {.act = give_in_mate, .arg = &pair.mine};

	catch_signal(run, SIGPIPE, 0);
	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	check(run, run->calls->shutdown(pair.mine, SHUT_WR) == 0);
	mate_join(&mate);
	note_caught(run, SIGPIPE);
}

/* As for those who take (arrivals.c). */
static void closed_meanwhile(struct run *run)
{
	struct pair pair = full_pair(run);
	struct mate mate = {.act = give_in_mate, .arg = &pair.mine};
	struct peer peer = {.act = peer_empties, .fd = pair.theirs, .at_once = true};

	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	let_go(run, pair.mine);
	check(run, run->calls->close(pair.mine) == 0);
	if (run->mode != PLAIN)
		await_flag(run, &mate.done);
	else
		peer_start(run, &peer);
	mate_join(&mate);
	if (run->mode == PLAIN)
		peer_join(&peer);
}

enum { CAN_BE_FULL = ALL_KINDS & ~(1 << UDP) };

static const struct condition conditions[] = {
	{"room", has_room, ALL_KINDS},
	{"gets room", gets_room, CAN_BE_FULL, NEVER},
	{"gets room bit by bit", gets_room_bit_by_bit, STREAMS, NEVER | EAGER | SHORT},
	{"nobody reads", is_left_alone, CAN_BE_FULL & ~TERMINALS & ~INET_STREAMS},
	{"reader leaves", is_left_alone_meanwhile, CAN_BE_FULL & ~TERMINALS, NEVER},
	{"reader leaves after a part", is_left_alone_after_a_part,
		STREAM_SOCKETS | PIPES, NEVER | EAGER | SHORT},
	{"dies of it", dies_of_it, 1 << UNIX_STREAM | PIPES, EAGER},
	{"times out", times_out, SOCKETS & ~(1 << UDP), NEVER | EAGER},
	{"times out after a part", times_out_after_a_part, STREAM_SOCKETS, NEVER | EAGER},
	{"interrupted", interrupted, CAN_BE_FULL, NEVER, 0, PLAIN | ROOT},
	{"interrupted after a part", interrupted_after_a_part, STREAMS,
		NEVER | EAGER | SHORT | STDIO, 0, PLAIN | ROOT},
	{"restarted", restarted, CAN_BE_FULL, NEVER | EAGER, 0, PLAIN | ROOT},
	{"non-blocking", nonblocking, CAN_BE_FULL, EAGER | DEAF},
	{"non-blocking with room for a part", nonblocking_with_room_for_a_part, STREAMS,
		EAGER | DEAF},
	{"bad buffer", bad_buffer, ALL_KINDS, NO_BUFFER},
	{"nothing", nothing, ALL_KINDS, EAGER},
	{"nothing to a full one", nothing_to_a_full_one, CAN_BE_FULL, EAGER | DEAF},
	{"shut down", shut_down, SOCKETS},
	{"shut down meanwhile", shut_down_meanwhile, SOCKETS & ~(1 << UDP), NEVER | EAGER},
	{"closed meanwhile", closed_meanwhile, CAN_BE_FULL, NEVER | EPOLLS},
};

void departures_add(void)
{
	for (size_t i = 0; i < ngivers; i++) {
		const struct giver *g = &givers[i];
		conditions_add((struct form){g->call, g->how, g->kinds, g->traits, g},
			conditions, COUNT(conditions));
	}
}
