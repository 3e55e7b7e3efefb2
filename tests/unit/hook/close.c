/* close.c - close(2) through libc and through its mirror. What becomes of those who wait
 * on the descriptor is in behaviour/close_wakes_waiters.c: there libc's own behaviour is
 * no model. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

static void shut(struct run *run, int fd)
{
	result(run, "close", enter(run)->close(fd));
	took_no_wait(run);
}

static void once_and_again(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	char byte;

	let_go(run, pair.mine);
	shut(run, pair.mine);
	shut(run, pair.mine);
	result(run, "read", enter(run)->read(pair.mine, &byte, 1));
	note(run, "F_GETFD = %d", fcntl(pair.mine, F_GETFD));
}

static void the_peer_sees_the_end(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	char byte;

	let_go(run, pair.mine);
	shut(run, pair.mine);
	note(run, "peer got %zd", read(pair.theirs, &byte, 1));
}

/* Unread bytes make it a reset, as the kernel has it. */
static void the_peer_sees_a_reset(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	char byte;
	ssize_t n;

	pair_put(run, &pair, "unread");
	let_go(run, pair.mine);
	shut(run, pair.mine);
	n = read(pair.theirs, &byte, 1);
	note(run, "peer got %zd %s", n, n < 0 ? error_name(errno) : "");
}

static void after_waiting(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME), next;
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	char buf[16];

	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	peer_join(&peer);
	let_go(run, pair.mine);
	shut(run, pair.mine);
	next = pair_open(run, 0, TO_ME);
	peer.fd = next.theirs;
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(next.mine, buf, sizeof(buf)));
	peer_join(&peer);
}

/* The description lives on in the copy. */
static void a_copy_stays(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	int copy = keep(run, run->calls->dup(pair.mine));
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	char buf[16];

	let_go(run, pair.mine);
	shut(run, pair.mine);
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(copy, buf, sizeof(buf)));
	peer_join(&peer);
}

static void foreign_descriptor(struct run *run)
{
	struct pair pair = pair_open_foreign(run, 0, TO_ME);

	let_go(run, pair.mine);
	shut(run, pair.mine);
	shut(run, pair.mine);
}

static void bad_descriptors(struct run *run)
{
	static const int numbers[] = {-1, -2, INT_MIN, 900, 100000, INT_MAX};
	size_t i;

	for (i = 0; i < COUNT(numbers); i++)
		shut(run, numbers[i]);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"once and again (tcp)", once_and_again, TCP},
		{"once and again (pipe)", once_and_again, PIPE},
		{"once and again (pty)", once_and_again, PTY},
		{"the peer sees the end (tcp)", the_peer_sees_the_end, TCP},
		{"the peer sees the end (unix stream)", the_peer_sees_the_end, UNIX_STREAM},
		{"the peer sees a reset", the_peer_sees_a_reset},
		{"after waiting (tcp)", after_waiting, TCP},
		{"after waiting (pipe)", after_waiting, PIPE},
		{"after waiting (udp)", after_waiting, UDP},
		{"a copy stays (tcp)", a_copy_stays, TCP},
		{"a copy stays (pipe)", a_copy_stays, PIPE},
		{"foreign descriptor", foreign_descriptor, TCP},
		{"bad descriptors", bad_descriptors},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("close");
}
