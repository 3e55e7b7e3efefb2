/* close_range.c - close_range(2) through libc and through its mirror. What becomes of
 * those who wait is in behaviour/close_wakes_waiters.c. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <limits.h>
#include <linux/close_range.h>

enum { FAR = 700 }; /* numbers that nobody else uses */

static void shut(struct run *run, unsigned first, unsigned last, int flags)
{
	result(run, "close_range", enter(run)->close_range(first, last, flags));
}

static int far_copy(struct run *run, int fd, int number)
{
	check(run, run->calls->dup2(fd, number) == number);
	return number;
}

static void note_open(struct run *run)
{
	for (int fd = FAR; fd < FAR + 4; fd++)
		note(run, "%d: %d", fd, fcntl(fd, F_GETFD));
}

static void several(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	char byte;

	for (int i = 0; i < 4; i++)
		far_copy(run, pair.mine, FAR + i);
	shut(run, FAR + 1, FAR + 2, 0);
	note_open(run);
	result(run, "read", enter(run)->read(FAR + 1, &byte, 1));
	shut(run, FAR, FAR + 3, CLOSE_RANGE_CLOEXEC);
	note_open(run);
	shut(run, FAR, FAR + 3, 0);
	note_open(run);
}

/* The numbers are used again: nothing is left of what they were. */
static void used_again(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME), next;
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	char buf[16];

	far_copy(run, pair.mine, FAR);
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(FAR, buf, sizeof(buf)));
	peer_join(&peer);
	shut(run, FAR, FAR, 0);
	next = pair_open(run, TCP, TO_ME);
	far_copy(run, next.mine, FAR);
	peer.fd = next.theirs;
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(FAR, buf, sizeof(buf)));
	peer_join(&peer);
	shut(run, FAR, FAR, 0);
}

static void malformed(struct run *run)
{
	shut(run, FAR + 1, FAR, 0);
	shut(run, FAR, FAR, 1 << 20);
	shut(run, UINT_MAX, UINT_MAX, 0);
	shut(run, 100000, 200000, 0);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"several (tcp)", several, TCP},
		{"several (pipe)", several, PIPE},
		{"used again", used_again, PIPE},
		{"malformed", malformed},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("close_range");
}
