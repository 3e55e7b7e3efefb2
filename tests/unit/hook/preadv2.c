/* preadv2.c - preadv2(2) through libc and through its mirror: at a position, at the
 * description's, with flags. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/positioned.h"
#include "harness/scenario.h"

static ssize_t take(struct run *run, int fd, void *buf, size_t size, off_t at)
{
	const struct iovec iov[] = {
		{buf, size / 2}, {(char *)buf + size / 2, size - size / 2}};

	return result(run, "preadv2", enter(run)->preadv2(fd, iov, 2, at, 0));
}

static void take_here(struct run *run, int fd, int flags)
{
	char buf[8];
	const struct iovec iov = {buf, sizeof(buf)};
	ssize_t n = result(run, "preadv2", enter(run)->preadv2(fd, &iov, 1, -1, flags));

	note_bytes(run, "bytes", buf, n);
}

static void at_the_description_s(struct run *run)
{
	int fd = file_with(run, "twelve bytes", 0);

	take_here(run, fd, 0);
	take_here(run, fd, RWF_HIPRI);
	take_here(run, fd, 0);
	note_file(run, fd);
}

static void waits(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};

	peer_start(run, &peer);
	take_here(run, pair.mine, 0);
	peer_join(&peer);
	peer_start(run, &peer);
	take_here(run, pair.mine, RWF_SYNC);
	peer_join(&peer);
}

static void does_not_wait(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);

	take_here(run, pair.mine, RWF_NOWAIT);
	took_no_wait(run);
	pair_put(run, &pair, "hello");
	take_here(run, pair.mine, RWF_NOWAIT);
}

static void unknown_flags(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	int fd = file_with(run, "twelve bytes", 0);

	take_here(run, fd, 1 << 30);
	take_here(run, pair.mine, 1 << 30);
	note_file(run, fd);
}

int main(void)
{
	static const struct positioned verb = {.take = take};
	static const struct scenario scenarios[] = {
		{"at the description's position", at_the_description_s},
		{"waits (tcp)", waits, TCP},
		{"waits (pipe)", waits, PIPE},
		{"does not wait (tcp)", does_not_wait, TCP},
		{"does not wait (pipe)", does_not_wait, PIPE},
		{"unknown flags", unknown_flags},
	};

	positioned_add(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("preadv2");
}
