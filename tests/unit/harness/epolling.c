/* epolling.c - events of sets, and who gets them. */
#include "harness/epolling.h"
#include "harness/doomed.h"
#include "harness/interrupt.h"
#include "harness/mate.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 4 };

static int new_set(struct run *run)
{
	return descriptor(run, "epoll_create1", enter(run)->epoll_create1(0));
}

static void add(struct run *run, int set, int fd, uint32_t events, uint64_t data)
{
	struct epoll_event event = {.events = events, .data.u64 = data};

	check(run, epoll_ctl(set, EPOLL_CTL_ADD, fd, &event) == 0);
}

int epoll_set_of(struct run *run, int fd)
{
	int set = epoll_create1(EPOLL_CLOEXEC);

	add(run, set, fd, EPOLLIN, 1);
	return set;
}

static void wait_up_to(struct run *run, int set, int most, int ms)
{
	const struct epolling *verb = run->verb;
	struct epoll_event events[MOST];
	ssize_t n;

	memset(events, 0x55, sizeof(events));
	n = result(run, verb->name, verb->wait(enter(run), set, events, most, ms));
	for (ssize_t i = 0; i < (n > 0 ? n : 0) + (n < most); i++)
		note(run, "event %#x, data %llx", events[i].events,
			(unsigned long long)events[i].data.u64);
}

static void waits_for_data(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	int set = new_set(run);

	add(run, set, pair.mine, EPOLLIN, UINT64_C(0x123456789abcdef));
	peer_start(run, &peer);
	wait_up_to(run, set, 1, -1);
	peer_join(&peer);
	wait_up_to(run, set, 1, 60000);
	took_no_wait(run);
	check(run, run->calls->read(pair.mine, (char[8]){0}, 8) == 5);
	peer_start(run, &peer);
	wait_up_to(run, set, 1, 60000);
	peer_join(&peer);
}

/* A set that the calls under test did not make. */
static void foreign_set(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	int set = epoll_set_of(run, pair.mine);

	peer_start(run, &peer);
	wait_up_to(run, set, 1, -1);
	peer_join(&peer);
	close(set);
}

static void times(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	int set = new_set(run);

	wait_up_to(run, set, 1, 15);
	took(run, 15);
	add(run, set, pair.mine, EPOLLIN, 1);
	wait_up_to(run, set, 1, 0);
	took_no_wait(run);
	wait_up_to(run, set, 1, 20);
	took(run, 20);
}

static void an_edge_comes_once(struct run *run)
{
	struct pair pair = pair_open(run, UNIX_STREAM, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	int set = new_set(run);

	add(run, set, pair.mine, EPOLLIN | EPOLLET, 1);
	peer_start(run, &peer);
	wait_up_to(run, set, 1, -1);
	peer_join(&peer);
	wait_up_to(run, set, 1, 5);
	took(run, 5);
	peer_start(run, &peer);
	wait_up_to(run, set, 1, -1);
	peer_join(&peer);
}

static void more_than_there_is_room_for(struct run *run)
{
	struct pair pairs[3];
	int set = new_set(run), i;

	for (i = 0; i < 3; i++) {
		pairs[i] = pair_open(run, PIPE, TO_ME);
		add(run, set, pairs[i].mine, EPOLLIN | EPOLLONESHOT, (uint64_t)i);
		pair_put(run, &pairs[i], "x");
	}
	wait_up_to(run, set, 2, -1);
	took_no_wait(run);
	wait_up_to(run, set, 2, -1);
	took_no_wait(run);
	wait_up_to(run, set, 2, 5);
	took(run, 5);
}

struct joining {
	int set, fd;
};

static void peer_adds(struct peer *peer)
{
	const struct joining *joining = peer->arg;

	add(peer->run, joining->set, joining->fd, EPOLLOUT, 77);
}

static void added_while_waiting(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct joining joining = {new_set(run), pair.mine};
	struct peer peer = {.act = peer_adds, .arg = &joining};

	peer_start(run, &peer);
	wait_up_to(run, joining.set, MOST, -1);
	peer_join(&peer);
}

static void a_set_in_a_set(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	int inner = new_set(run), middle = new_set(run), outer = new_set(run);

	add(run, inner, pair.mine, EPOLLIN, 1);
	add(run, middle, inner, EPOLLIN, 2);
	add(run, outer, middle, EPOLLIN, 3);
	peer_start(run, &peer);
	wait_up_to(run, outer, MOST, -1);
	peer_join(&peer);
	wait_up_to(run, middle, MOST, -1);
	wait_up_to(run, inner, MOST, -1);
	took_no_wait(run);
}

static void hang_up(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};
	int set = new_set(run);

	add(run, set, pair.mine, 0, 1);
	peer_start(run, &peer);
	wait_up_to(run, set, 1, -1);
	peer_join(&peer);
}

static void bad_arguments(struct run *run)
{
	const struct epolling *verb = run->verb;
	struct pair pair = pair_open(run, PIPE, TO_ME);
	int set = new_set(run);

	wait_up_to(run, set, 0, -1);
	wait_up_to(run, set, -1, -1);
	wait_up_to(run, 900, 1, -1);
	wait_up_to(run, -1, 1, -1);
	wait_up_to(run, pair.mine, 1, -1);
	took_no_wait(run);
	add(run, set, pair.mine, EPOLLIN, 1);
	result(run, verb->name, verb->wait(enter(run), set, nowhere(), 1, 5));
	pair_put(run, &pair, "x");
	result(run, verb->name, verb->wait(enter(run), set, nowhere(), 1, -1));
}

static void interrupted(struct run *run)
{
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};
	int set = new_set(run);

	catch_signal(run, SIGUSR1, run->kind);
	peer_start(run, &peer);
	wait_up_to(run, set, 1, -1);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

/* --- several who wait ------------------------------------------------------------------------------ */

static void mate_waits(struct mate *mate)
{
	const struct epolling *verb = mate->run->verb;
	struct epoll_event event = {0};
	int n = verb->wait(mate_enter(mate), *(int *)mate->arg, &event, 1, -1);

	mate->outcome = mate_leave(mate, n == 1 ? (long)event.data.u64 : -errno);
}

/* Each event goes to one of them. */
static void two_wait(struct run *run)
{
	struct pair first = pair_open(run, TCP, TO_ME),
		    second = pair_open(run, PIPE, TO_ME);
	int set = new_set(run);
	struct mate mates[2] = {{.act = mate_waits, .arg = &set, .sort = run->kind},
		{.act = mate_waits, .arg = &set, .sort = OWN}};
	struct mate *other;

	add(run, set, first.mine, EPOLLIN | EPOLLET | EPOLLONESHOT, 1);
	add(run, set, second.mine, EPOLLIN | EPOLLONESHOT, 2);
	mate_start(run, &mates[0]);
	mate_start(run, &mates[1]);
	check(run, mate_blocked(&mates[0]) && mate_blocked(&mates[1]));
	pair_put(run, &first, "x");
	while (!atomic_load(&mates[0].done) && !atomic_load(&mates[1].done))
		run->calls->usleep(50);
	other = &mates[atomic_load(&mates[0].done) ? 1 : 0];
	check(run, mate_blocked(other));
	pair_put(run, &second, "x");
	mate_join(&mates[0]);
	mate_join(&mates[1]);
	note(run, "%ld %ld", mates[other == mates].outcome, other->outcome);
}

/* Linux lets a thread wait on without its set; here it is told. */
static void closed_while_waiting(struct run *run)
{
	int set = run->calls->epoll_create1(0);
	struct mate mates[2] = {{.act = mate_waits, .arg = &set, .sort = OWN},
		{.act = mate_waits, .arg = &set, .sort = OWN}};

	mate_start(run, &mates[0]);
	mate_start(run, &mates[1]);
	check(run, mate_blocked(&mates[0]) && mate_blocked(&mates[1]));
	check(run, run->calls->close(set) == 0);
	mate_join(&mates[0]);
	mate_join(&mates[1]);
	check(run, mates[0].outcome == -EBADF && mates[1].outcome == -EBADF);
}

static void doomed_waits(struct doomed *doomed)
{
	const struct epolling *verb = doomed->run->verb;
	struct epoll_event event;
	const struct calls *calls = doomed_enter(doomed);

	doomed_step(doomed, verb->wait(calls, doomed->fd, &event, 1, -1) > 0 ? 'w' : '!');
}

static void cancelled(struct run *run)
{
	struct doomed doomed = {.act = doomed_waits, .fd = new_set(run), .sort = OWN};

	doomed_meets_end(run, &doomed);
}

void epolling_add(const struct epolling *verb)
{
	static const struct scenario scenarios[] = {
		{"waits for data (tcp)", waits_for_data, TCP},
		{"waits for data (pipe)", waits_for_data, PIPE},
		{"waits for data (pty)", waits_for_data, PTY},
		{"foreign set", foreign_set},
		{"times", times},
		{"an edge comes once", an_edge_comes_once},
		{"more than there is room for", more_than_there_is_room_for},
		{"added while waiting", added_while_waiting},
		{"a set in a set", a_set_in_a_set},
		{"hang-up (unix stream)", hang_up, UNIX_STREAM},
		{"hang-up (pipe)", hang_up, PIPE},
		{"bad arguments", bad_arguments},
		{"interrupted", interrupted, 0, PLAIN | ROOT},
		{"not restarted", interrupted, SA_RESTART, PLAIN | ROOT},
		{"two wait (own)", two_wait, OWN},
		{"two wait (thread with mirrors)", two_wait, OS_MIRRORS},
		{"closed while waiting", closed_while_waiting, 0, MODES_MIRROR},
		{"cancelled", cancelled},
	};

	suite_add(scenarios, COUNT(scenarios), verb);
}
