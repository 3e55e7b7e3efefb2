/* readv.c - readv(2) through libc and through its mirror. */
#include "harness/incoming.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

/* In two parts and an empty one, so that their borders are met. */
static ssize_t take_by_readv(struct run *run, int fd, void *buf, size_t size)
{
	size_t first = size / 3;
	struct iovec parts[] = {
		{buf, first}, {NULL, 0}, {buf ? (char *)buf + first : NULL, size - first}};

	return result(run, "readv", enter(run)->readv(fd, parts, 3));
}

static void parts_are_filled_in_order(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	char a[2], b[3], c[8];
	struct iovec parts[] = {{a, sizeof(a)}, {b, sizeof(b)}, {c, sizeof(c)}};
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "abcdefg", .size = 7};

	memset(c, '#', sizeof(c));
	peer_start(run, &peer);
	result(run, "readv", enter(run)->readv(pair.mine, parts, 3));
	peer_join(&peer);
	note_bytes(run, "a", a, sizeof(a));
	note_bytes(run, "b", b, sizeof(b));
	note_bytes(run, "c", c, sizeof(c));
}

static void numbers_of_parts(struct run *run)
{
	static struct iovec many[IOV_MAX + 1];
	struct pair pair = pair_open(run, TCP, TO_ME);
	static char bytes[IOV_MAX + 1];
	volatile int negative = -1;
	int i;

	for (i = 0; i <= IOV_MAX; i++)
		many[i] = (struct iovec){&bytes[i], 1};
	pair_put(run, &pair, "hello");
	result(run, "readv", enter(run)->readv(pair.mine, many, IOV_MAX + 1));
	result(run, "readv", enter(run)->readv(pair.mine, many, negative));
	result(run, "readv", enter(run)->readv(pair.mine, many, 0));
	result(run, "readv", enter(run)->readv(pair.mine, many, IOV_MAX));
	note_bytes(run, "bytes", bytes, 6);
	took_no_wait(run);
}

static void bad_parts(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	char buf[8];
	struct iovec negative[] = {{buf, (size_t)-1}};
	struct iovec overflowing[] = {{buf, SSIZE_MAX}, {buf, SSIZE_MAX}};
	struct iovec half[] = {{buf, 2}, {nowhere(), 8}};

	pair_put(run, &pair, "hello");
	result(run, "readv", enter(run)->readv(pair.mine, nowhere(), 1));
	result(run, "readv", enter(run)->readv(pair.mine, negative, 1));
	result(run, "readv", enter(run)->readv(pair.mine, overflowing, 2));
	result(run, "readv", enter(run)->readv(pair.mine, half, 2));
	result(run, "readv", enter(run)->readv(-1, half, 1));
}

int main(void)
{
	static const struct incoming verb = {.take = take_by_readv};
	static const struct scenario scenarios[] = {
		{"parts are filled in order", parts_are_filled_in_order},
		{"numbers of parts", numbers_of_parts},
		{"bad parts", bad_parts},
	};

	incoming_add(&verb);
	incoming_add_limits(&verb);
	incoming_add_files(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("readv");
}
