/* copying.c - scenarios for every call that gives a second number to a description. */
#include "harness/copying.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <limits.h>
#include <unistd.h>

enum { HIGH_NUMBERS = 300 };

int free_number(void)
{
	int fd = fcntl(0, F_DUPFD, HIGH_NUMBERS);

	close(fd);
	return fd;
}

static int copy_of(struct run *run, int fd)
{
	const struct copying *verb = run->verb;

	return descriptor(run, verb->name, verb->copy(run, fd));
}

static void read_when_written(struct run *run, int fd, int theirs, const char *text)
{
	struct peer peer = {.act = peer_writes, .fd = theirs, .data = text, .size = 4};
	char buf[16];
	ssize_t n;

	peer_start(run, &peer);
	n = result(run, "read", enter(run)->read(fd, buf, sizeof(buf)));
	peer_join(&peer);
	note_bytes(run, "bytes", buf, n);
}

static void both_wait(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	int copy = copy_of(run, pair.mine);

	took_no_wait(run);
	read_when_written(run, copy, pair.theirs, "copy");
	read_when_written(run, pair.mine, pair.theirs, "mine");
	read_when_written(run, copy, pair.theirs, "copy");
}

static void copy_of_one_that_has_waited(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	read_when_written(run, pair.mine, pair.theirs, "mine");
	read_when_written(run, copy_of(run, pair.mine), pair.theirs, "copy");
	read_when_written(run, pair.mine, pair.theirs, "mine");
}

static void original_is_closed(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	int copy;

	read_when_written(run, pair.mine, pair.theirs, "mine");
	copy = copy_of(run, pair.mine);
	let_go(run, pair.mine);
	check(run, run->calls->close(pair.mine) == 0);
	read_when_written(run, copy, pair.theirs, "copy");
}

/* The number of the original is taken by another; the copy and the newcomer do not
 * meet. */
static void original_is_replaced(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME), other;
	int copy = copy_of(run, pair.mine);

	let_go(run, pair.mine);
	check(run, run->calls->close(pair.mine) == 0);
	other = pair_open(run, 0, TO_ME);
	read_when_written(run, copy, pair.theirs, "copy");
	read_when_written(run, other.mine, other.theirs, "next");
	read_when_written(run, copy, pair.theirs, "copy");
}

static void flags(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	int copy;

	check(run, run->calls->fcntl(pair.mine, F_SETFD, FD_CLOEXEC) == 0);
	check(run, run->calls->fcntl(pair.mine, F_SETFL, O_NONBLOCK) == 0);
	copy = copy_of(run, pair.mine);
	note(run, "descriptor flags %d, status flags %#x", run->calls->fcntl(copy, F_GETFD),
		(unsigned)run->calls->fcntl(copy, F_GETFL));
}

/* The flag belongs to the description: changed through the one, it counts for the
 * other. */
static void flag_counts_for_both(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	int copy = copy_of(run, pair.mine);
	char byte;

	check(run, run->calls->fcntl(pair.mine, F_SETFL, O_NONBLOCK) == 0);
	result(run, "read", enter(run)->read(copy, &byte, 1));
	took_no_wait(run);
	check(run, run->calls->fcntl(copy, F_SETFL, 0) == 0);
	read_when_written(run, pair.mine, pair.theirs, "mine");
}

static void timeout_counts_for_both(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	const struct timeval timeout = {0, 20000};
	char byte;
	int copy;

	check(run, run->calls->setsockopt(pair.mine, SOL_SOCKET, SO_RCVTIMEO, &timeout,
			   sizeof(timeout)) == 0);
	copy = copy_of(run, pair.mine);
	result(run, "read", enter(run)->read(copy, &byte, 1));
	took(run, 20);
}

static void foreign_original(struct run *run)
{
	struct pair pair = pair_open_foreign(run, 0, TO_ME);

	read_when_written(run, copy_of(run, pair.mine), pair.theirs, "copy");
	read_when_written(run, pair.mine, pair.theirs, "mine");
}

static void bad_descriptors(struct run *run)
{
	static const int numbers[] = {-1, -2, INT_MIN, 900, 100000, INT_MAX};
	size_t i;

	for (i = 0; i < COUNT(numbers); i++)
		copy_of(run, numbers[i]);
	took_no_wait(run);
}

static const struct scenario scenarios[] = {
	{"both wait (tcp)", both_wait, TCP},
	{"both wait (pipe)", both_wait, PIPE},
	{"both wait (pty)", both_wait, PTY},
	{"copy of one that has waited (tcp)", copy_of_one_that_has_waited, TCP},
	{"copy of one that has waited (pipe)", copy_of_one_that_has_waited, PIPE},
	{"original is closed (tcp)", original_is_closed, TCP},
	{"original is closed (pipe)", original_is_closed, PIPE},
	{"original is replaced (tcp)", original_is_replaced, TCP},
	{"original is replaced (pipe)", original_is_replaced, PIPE},
	{"flags", flags, TCP},
	{"flag counts for both (tcp)", flag_counts_for_both, TCP},
	{"flag counts for both (pipe)", flag_counts_for_both, PIPE},
	{"timeout counts for both", timeout_counts_for_both},
	{"foreign original", foreign_original, TCP},
	{"bad descriptors", bad_descriptors},
};

void copying_add(const struct copying *verb)
{
	suite_add(scenarios, COUNT(scenarios), verb);
}
