/* poll.c - poll(2) through libc and through its mirror. */
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

static ssize_t poll_them(struct run *run, struct pollfd *fds, nfds_t n, int ms)
{
	ssize_t ready = result(run, "poll", enter(run)->poll(fds, n, ms));
	nfds_t i;

	for (i = 0; i < n && i < 8; i++)
		note(run, "events %#x of %#x", (unsigned)fds[i].revents,
			(unsigned)fds[i].events);
	return ready;
}

static ssize_t poll_one(struct run *run, int fd, short events, int ms)
{
	struct pollfd p = {fd, events, 0x55};

	return poll_them(run, &p, 1, ms);
}

static void ready_at_once(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	pair_put(run, &pair, "hello");
	poll_one(run, pair.mine, POLLIN, -1);
	poll_one(run, pair.mine, POLLIN | POLLRDNORM | POLLPRI, 1000);
	poll_one(run, pair.mine, POLLIN, 0);
	took_no_wait(run);
}

static void room_at_once(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);

	poll_one(run, pair.mine, POLLOUT, -1);
	took_no_wait(run);
}

static void waits_for_data(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	char buf[16];

	peer_start(run, &peer);
	poll_one(run, pair.mine, POLLIN, -1);
	peer_join(&peer);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	peer_start(run, &peer);
	poll_one(run, pair.mine, POLLIN, 60000);
	peer_join(&peer);
}

static void waits_on_foreign_descriptor(struct run *run)
{
	struct pair pair = pair_open_foreign(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};

	peer_start(run, &peer);
	poll_one(run, pair.mine, POLLIN, -1);
	peer_join(&peer);
}

static void peer_takes_until_left(struct peer *peer)
{
	struct pollfd p = {peer->fd, POLLIN, 0};
	char buf[1024];

	while (!atomic_load(&peer->run->spot.left)) {
		if (poll(&p, 1, 1) > 0)
			peer->count += read(peer->fd, buf, sizeof(buf));
	}
}

static void waits_for_room(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {.act = peer_takes_until_left, .fd = pair.theirs};

	narrow(run, &pair);
	fill_up(run, &pair);
	poll_one(run, pair.mine, POLLOUT, 0);
	peer_start(run, &peer);
	poll_one(run, pair.mine, POLLOUT, -1);
	peer_join(&peer);
}

static void end_while_waiting(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};

	peer_start(run, &peer);
	poll_one(run, pair.mine, POLLIN, -1);
	peer_join(&peer);
	poll_one(run, pair.mine, POLLIN | POLLRDHUP | POLLOUT, -1);
}

/* Errors and hang-ups are reported whether they were asked for or not. */
static void nothing_asked_for(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};

	peer_start(run, &peer);
	poll_one(run, pair.mine, 0, -1);
	peer_join(&peer);
}

static void reset_while_waiting(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct peer peer = {.act = peer_resets, .fd = pair.theirs};

	peer_start(run, &peer);
	poll_one(run, pair.mine, POLLIN, -1);
	peer_join(&peer);
}

static void half_close_while_waiting(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_shuts_down, .fd = pair.theirs};

	peer_start(run, &peer);
	poll_one(run, pair.mine, POLLRDHUP, -1);
	peer_join(&peer);
}

/* An event that nobody asked for does not end the wait. */
static void peer_writes_then_closes(struct peer *peer)
{
	peer_writes(peer);
	peer_await(peer);
	peer_closes(peer);
}

static void other_events_do_not_count(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_writes_then_closes, .fd = pair.theirs,
		.data = "hello", .size = 5};

	peer_start(run, &peer);
	poll_one(run, pair.mine, POLLRDHUP, -1);
	peer_join(&peer);
}

static void peer_sends_urgent(struct peer *peer)
{
	peer->count = send(peer->fd, "!", 1, MSG_OOB);
}

static void urgent_data(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct peer peer = {.act = peer_sends_urgent, .fd = pair.theirs};

	peer_start(run, &peer);
	poll_one(run, pair.mine, POLLPRI, -1);
	peer_join(&peer);
}

static void timeout_passes(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	poll_one(run, pair.mine, POLLIN, 30);
	took(run, 30);
	poll_one(run, pair.mine, POLLIN, 1);
	took(run, 1);
	poll_one(run, pair.mine, POLLIN, 0);
	took_no_wait(run);
}

static void nothing_to_poll_is_a_sleep(struct run *run)
{
	poll_them(run, NULL, 0, 30);
	took(run, 30);
	poll_them(run, NULL, 0, 0);
	took_no_wait(run);
	poll_one(run, -1, POLLIN, 10);
	took(run, 10);
	poll_one(run, INT_MIN, POLLIN, 10);
	took(run, 10);
}

static void bad_descriptors(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct pollfd fds[] = {{pair.mine, POLLIN, 0}, {900, POLLIN, 0},
		{-1, POLLIN, 0x55}, {INT_MAX, POLLIN, 0}};

	poll_them(run, fds, COUNT(fds), -1);
	took_no_wait(run);
	let_go(run, pair.mine);
	check(run, run->calls->close(pair.mine) == 0);
	poll_one(run, pair.mine, POLLIN, 1000);
	took_no_wait(run);
}

/* The last of several is the one that something happens to. */
static void several_at_once(struct run *run)
{
	struct pair pairs[4];
	struct pollfd fds[6];
	struct peer peer = {.act = peer_writes, .data = "hello", .size = 5};
	static const int kinds[] = {TCP, PIPE, UDP, UNIX_STREAM};
	size_t i;

	for (i = 0; i < COUNT(pairs); i++) {
		pairs[i] = pair_open(run, kinds[i], TO_ME);
		fds[i] = (struct pollfd){pairs[i].mine, POLLIN, 0};
	}
	fds[4] = (struct pollfd){-1, POLLIN, 0};
	fds[5] = fds[0];
	for (i = 0; i < COUNT(pairs); i++) {
		char buf[16];

		peer.fd = pairs[i].theirs;
		peer_start(run, &peer);
		poll_them(run, fds, COUNT(fds), -1);
		peer_join(&peer);
		result(run, "read", enter(run)->read(pairs[i].mine, buf, sizeof(buf)));
	}
}

static void both_directions(struct run *run)
{
	struct pair pair = pair_open(run, UNIX_STREAM, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};

	narrow(run, &pair);
	fill_up(run, &pair);
	peer_start(run, &peer);
	poll_one(run, pair.mine, POLLIN | POLLOUT, -1);
	peer_join(&peer);
}

static void files_are_ready(struct run *run)
{
	char path[] = "/tmp/cohook-file-XXXXXX";
	int fd = keep_foreign(run, mkstemp(path));

	unlink(path);
	poll_one(run, fd, POLLIN | POLLOUT, -1);
	poll_one(run, keep_foreign(run, open("/dev/null", O_RDWR)), POLLIN | POLLOUT, -1);
	took_no_wait(run);
}

static void kernel_objects(struct run *run)
{
	static const uint64_t one = 1;
	int counter = keep_foreign(run, eventfd(0, 0));
	int set = keep_foreign(run, epoll_create1(0));
	struct epoll_event event = {.events = EPOLLIN};
	struct peer peer = {
		.act = peer_writes, .fd = counter, .data = &one, .size = sizeof(one)};

	check(run, epoll_ctl(set, EPOLL_CTL_ADD, counter, &event) == 0);
	peer_start(run, &peer);
	poll_one(run, set, POLLIN, -1);
	peer_join(&peer);
	poll_one(run, counter, POLLIN | POLLOUT, -1);
}

static void listening_socket(struct run *run)
{
	struct sockaddr_in address;
	int fd = keep(run, listener_open(run->calls, &address, 1));
	int theirs = keep_foreign(run, socket(AF_INET, SOCK_STREAM, 0));

	poll_one(run, fd, POLLIN | POLLOUT, 0);
	check(run, connect(theirs, (void *)&address, sizeof(address)) == 0);
	poll_one(run, fd, POLLIN | POLLOUT, -1);
}

static void connection_under_way(struct run *run)
{
	struct sockaddr_in address;
	int fd = keep(run, run->calls->socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));

	poll_one(run, fd, POLLOUT, 0);
	close(listener_open(&plain_calls, &address, 1));
	result(run, "connect", enter(run)->connect(fd, (void *)&address, sizeof(address)));
	poll_one(run, fd, POLLOUT, -1);
}

/* The errors' and signals' rules of poll are its own: SA_RESTART does not count. */
static void interrupted(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, run->kind);
	peer_start(run, &peer);
	poll_one(run, pair.mine, POLLIN, -1);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void too_many(struct run *run)
{
	struct rlimit limit, few;
	struct pollfd fds[8];
	int i;

	for (i = 0; i < 8; i++)
		fds[i] = (struct pollfd){-1, POLLIN, 0};
	getrlimit(RLIMIT_NOFILE, &limit);
	few = limit;
	few.rlim_cur = 4;
	check(run, setrlimit(RLIMIT_NOFILE, &few) == 0);
	result(run, "poll", enter(run)->poll(fds, 8, 0));
	check(run, setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

#ifndef __SANITIZE_ADDRESS__ /* its own check of the array would end the test */
static void bad_memory(struct run *run)
{
	struct pollfd *volatile nothing = NULL;

	result(run, "poll", enter(run)->poll(nowhere(), 1, 0));
	result(run, "poll", enter(run)->poll(nowhere(), 1, -1));
	result(run, "poll", enter(run)->poll(nothing, 1, -1));
	took_no_wait(run);
}
#endif

int main(void)
{
	static const struct scenario scenarios[] = {
		{"ready at once (tcp)", ready_at_once, TCP},
		{"ready at once (pipe)", ready_at_once, PIPE},
		{"ready at once (pty)", ready_at_once, PTY},
		{"room at once (tcp)", room_at_once, TCP},
		{"room at once (pipe)", room_at_once, PIPE},
		{"waits for data (tcp)", waits_for_data, TCP},
		{"waits for data (udp)", waits_for_data, UDP},
		{"waits for data (unix stream)", waits_for_data, UNIX_STREAM},
		{"waits for data (unix datagram)", waits_for_data, UNIX_DGRAM},
		{"waits for data (pipe)", waits_for_data, PIPE},
		{"waits for data (fifo)", waits_for_data, FIFO},
		{"waits for data (pty)", waits_for_data, PTY},
		{"foreign descriptor (tcp)", waits_on_foreign_descriptor, TCP},
		{"foreign descriptor (pipe)", waits_on_foreign_descriptor, PIPE},
		{"waits for room (unix stream)", waits_for_room, UNIX_STREAM},
		{"waits for room (pipe)", waits_for_room, PIPE},
		{"end while waiting (tcp)", end_while_waiting, TCP},
		{"end while waiting (unix stream)", end_while_waiting, UNIX_STREAM},
		{"end while waiting (pipe)", end_while_waiting, PIPE},
		{"nothing asked for (unix stream)", nothing_asked_for, UNIX_STREAM},
		{"nothing asked for (pipe)", nothing_asked_for, PIPE},
		{"reset while waiting", reset_while_waiting},
		{"half close while waiting (tcp)", half_close_while_waiting, TCP},
		{"half close while waiting (unix stream)", half_close_while_waiting,
			UNIX_STREAM},
		{"other events do not count", other_events_do_not_count, TCP},
		{"urgent data", urgent_data},
		{"timeout passes (tcp)", timeout_passes, TCP},
		{"timeout passes (pipe)", timeout_passes, PIPE},
		{"nothing to poll is a sleep", nothing_to_poll_is_a_sleep},
		{"bad descriptors", bad_descriptors},
		{"several at once", several_at_once},
		{"both directions", both_directions},
		{"files are ready", files_are_ready},
		{"kernel objects", kernel_objects},
		{"listening socket", listening_socket},
		{"connection under way", connection_under_way},
		{"interrupted", interrupted, 0, PLAIN | ROOT},
		{"not restarted", interrupted, SA_RESTART, PLAIN | ROOT},
		{"too many", too_many},
#ifndef __SANITIZE_ADDRESS__
		{"bad memory", bad_memory},
#endif
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("poll");
}
