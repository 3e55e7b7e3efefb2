/* writev.c - writev(2) through libc and through its mirror. */
#include "harness/outgoing.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <limits.h>
#include <string.h>

/* In two parts and an empty one, so that their borders are met; a number for an eventfd
 * stays whole. */
static ssize_t give_by_writev(struct run *run, int fd, const void *buf, size_t size)
{
	size_t first = size > sizeof(uint64_t) ? size / 3 : size;
	char *bytes = (char *)buf;
	struct iovec parts[] = {
		{bytes, first}, {NULL, 0}, {bytes ? bytes + first : NULL, size - first}};
	ssize_t n = result(
		run, "writev", enter(run)->writev(fd, parts, first < size ? 3 : 1));

	check(run, parts[0].iov_len == first && parts[2].iov_len == size - first);
	return n;
}

/* Thousands of parts and room for few: the border between given and left falls
 * everywhere. */
static void many_parts_over_many_waits(struct run *run)
{
	enum { PARTS = 1000, SIZE = 777 };
	static struct iovec parts[PARTS];
	static char bytes[PARTS * SIZE];
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {.act = peer_drains, .fd = pair.theirs, .size = sizeof(bytes)};
	int i;

	pattern_fill(bytes, sizeof(bytes));
	for (i = 0; i < PARTS; i++)
		parts[i] = (struct iovec){bytes + i * SIZE, SIZE};
	narrow(run, &pair);
	peer_start(run, &peer);
	result(run, "writev", enter(run)->writev(pair.mine, parts, PARTS));
	peer_join(&peer);
	note(run, "peer got %zd", peer.count);
	for (i = 0; i < PARTS; i++)
		check(run, parts[i].iov_base == bytes + i * SIZE && parts[i].iov_len == SIZE);
}

static void numbers_of_parts(struct run *run)
{
	static struct iovec many[IOV_MAX + 1];
	static char bytes[IOV_MAX + 1];
	struct pair pair = pair_open(run, PIPE, FROM_ME);
	volatile int negative = -1;
	int i;

	for (i = 0; i <= IOV_MAX; i++)
		many[i] = (struct iovec){&bytes[i], 1};
	result(run, "writev", enter(run)->writev(pair.mine, many, IOV_MAX + 1));
	result(run, "writev", enter(run)->writev(pair.mine, many, negative));
	result(run, "writev", enter(run)->writev(pair.mine, many, 0));
	result(run, "writev", enter(run)->writev(pair.mine, many, IOV_MAX));
	took_no_wait(run);
}

static void bad_parts(struct run *run)
{
	struct pair pair = pair_open(run, TCP, FROM_ME);
	char buf[8] = "abcdefg";
	struct iovec negative[] = {{buf, (size_t)-1}};
	struct iovec overflowing[] = {{buf, SSIZE_MAX}, {buf, SSIZE_MAX}};

	result(run, "writev", enter(run)->writev(pair.mine, nowhere(), 1));
	result(run, "writev", enter(run)->writev(pair.mine, negative, 1));
	result(run, "writev", enter(run)->writev(pair.mine, overflowing, 2));
	took_no_wait(run);
}

int main(void)
{
	static const struct outgoing verb = {.give = give_by_writev};
	static const struct scenario scenarios[] = {
		{"many parts over many waits (tcp)", many_parts_over_many_waits, TCP},
		{"many parts over many waits (unix)", many_parts_over_many_waits, UNIX_STREAM},
		{"many parts over many waits (pipe)", many_parts_over_many_waits, PIPE},
		{"numbers of parts", numbers_of_parts},
		{"bad parts", bad_parts},
	};

	outgoing_add(&verb);
	outgoing_add_limits(&verb);
	outgoing_add_files(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("writev");
}
