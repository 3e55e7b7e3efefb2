/* nonblock_honesty.c - O_NONBLOCK lies on the description, which others share: nobody but
 * the user sets it.
 *
 * While the subject waits, a child process that inherited the descriptor looks at the
 * flags and uses it with plain calls; a program that was executed does, too. */
#include "harness/mate.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The exit status of a child that looks at FD: whether it finds O_NONBLOCK set. */
static int flag_in_a_child(int fd)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0)
		_exit(!!(fcntl(fd, F_GETFL) & O_NONBLOCK));
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int flag_in_a_program(int fd)
{
	int status = -1;
	char number[16];
	pid_t child;

	snprintf(number, sizeof(number), "%d", fd);
	child = fork();
	if (child == 0) {
		fcntl(fd, F_SETFD, 0);
		execl("/proc/self/exe", "nonblock_honesty", "--flags-of", number, NULL);
		_exit(77);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct look {
	int fd;
	int in_child, in_program;
};

/* A foreign thread forks while the subject waits: the child is this thread alone, and
 * plain. Its end is ignored where it is not blocked, and disturbs nobody. */
static void peer_looks(struct peer *peer)
{
	struct look *look = peer->arg;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	look->in_child = flag_in_a_child(look->fd);
	look->in_program = flag_in_a_program(look->fd);
	if (peer->size > 0)
		peer_writes(peer);
}

static void note_look(struct run *run, const struct look *look)
{
	note(run, "in a child %d, in a program %d", look->in_child, look->in_program);
}

static void while_reading(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct look look = {.fd = pair.mine};
	struct peer peer = {.act = peer_looks, .arg = &look, .fd = pair.theirs,
		.data = "hello", .size = 5};
	char buf[16];
	int i;

	for (i = 0; i < 2; i++) {
		peer_start(run, &peer);
		result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
		peer_join(&peer);
		note_look(run, &look);
	}
	note(run, "afterwards %d", flag_in_a_child(pair.mine));
}

static void peer_looks_and_drains(struct peer *peer)
{
	size_t size = peer->size;

	peer->size = 0;
	peer_looks(peer);
	peer->size = size;
	peer_drains(peer);
}

static void while_writing(struct run *run)
{
	enum { SIZE = 1 << 20 };
	static char bytes[SIZE];
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct look look = {.fd = pair.mine};
	struct peer peer = {.act = peer_looks_and_drains, .arg = &look, .fd = pair.theirs,
		.size = SIZE};

	pattern_fill(bytes, SIZE);
	narrow(run, &pair);
	peer_start(run, &peer);
	result(run, "write", enter(run)->write(pair.mine, bytes, SIZE));
	peer_join(&peer);
	note_look(run, &look);
	note(run, "afterwards %d", flag_in_a_child(pair.mine));
}

static void peer_looks_and_connects(struct peer *peer)
{
	peer_looks(peer);
	peer->count = socket(AF_INET, SOCK_STREAM, 0);
	connect((int)peer->count, (void *)peer->data, sizeof(struct sockaddr_in));
}

static void accept_with_a_look(struct run *run, int fd, const struct sockaddr_in *address)
{
	struct look look = {.fd = fd};
	struct peer peer = {.act = peer_looks_and_connects, .arg = &look, .data = address};
	int connection;

	peer_start(run, &peer);
	connection = descriptor(run, "accept", enter(run)->accept(fd, NULL, NULL));
	peer_join(&peer);
	keep_foreign(run, (int)peer.count);
	note_look(run, &look);
	note(run, "the connection %d", flag_in_a_child(connection));
}

static void while_accepting(struct run *run)
{
	struct sockaddr_in address;
	int fd = keep(run, listener_open(run->calls, &address, 4));

	accept_with_a_look(run, fd, &address);
	accept_with_a_look(run, fd, &address);
}

static void while_accepting_on_a_foreign_one(struct run *run)
{
	struct sockaddr_in address;
	int fd = keep_foreign(run, listener_open(&plain_calls, &address, 4));

	accept_with_a_look(run, fd, &address);
	accept_with_a_look(run, fd, &address);
}

static void while_polling(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct look look = {.fd = pair.mine};
	struct peer peer = {.act = peer_looks, .arg = &look, .fd = pair.theirs,
		.data = "hello", .size = 5};
	struct pollfd p = {pair.mine, POLLIN, 0};

	peer_start(run, &peer);
	result(run, "poll", enter(run)->poll(&p, 1, -1));
	peer_join(&peer);
	note_look(run, &look);
}

static void after_connecting(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);

	note(run, "in a child %d, in a program %d", flag_in_a_child(pair.mine),
		flag_in_a_program(pair.mine));
}

/* What the user sets is seen by everyone, and comes off again. */
static void the_user_s_own_flag(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	char byte;

	check(run, run->calls->fcntl(pair.mine, F_SETFL, O_NONBLOCK) == 0);
	note(run, "in a child %d", flag_in_a_child(pair.mine));
	result(run, "read", enter(run)->read(pair.mine, &byte, 1));
	note(run, "in a child %d", flag_in_a_child(pair.mine));
	check(run, run->calls->fcntl(pair.mine, F_SETFL, 0) == 0);
	note(run, "in a child %d, in a program %d", flag_in_a_child(pair.mine),
		flag_in_a_program(pair.mine));
}

/* The other way round: a child makes the shared description non-blocking. */
static void a_child_sets_it(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(fcntl(pair.mine, F_SETFL, O_NONBLOCK));
	check(run, waitpid(child, &status, 0) == child && status == 0);
	note(run, "F_GETFL %#x", (unsigned)run->calls->fcntl(pair.mine, F_GETFL));
}

#define BOTH(text, body) {text " (tcp)", body, TCP}, {text " (pipe)", body, PIPE}

int main(int argc, char **argv)
{
	static const struct scenario scenarios[] = {
		BOTH("while reading", while_reading),
		{"while reading (unix datagram)", while_reading, UNIX_DGRAM},
		{"while reading (fifo)", while_reading, FIFO},
		{"while reading (pty)", while_reading, PTY},
		BOTH("while writing", while_writing),
		{"while writing (unix stream)", while_writing, UNIX_STREAM},
		{"while accepting", while_accepting},
		{"while accepting on a foreign one", while_accepting_on_a_foreign_one},
		BOTH("while polling", while_polling),
		{"after connecting", after_connecting},
		BOTH("the user's own flag", the_user_s_own_flag),
		BOTH("a child sets it", a_child_sets_it),
	};

	if (argc == 3 && !strcmp(argv[1], "--flags-of"))
		return !!(fcntl(atoi(argv[2]), F_GETFL) & O_NONBLOCK);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("nonblock_honesty");
}
