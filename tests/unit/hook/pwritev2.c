/* pwritev2.c - pwritev2(2) through libc and through its mirror: at a position, at the
 * description's, with flags. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/positioned.h"
#include "harness/scenario.h"

#include <stdlib.h>

enum { MORE_THAN_FITS = 1 << 20 };

static ssize_t give(struct run *run, int fd, const void *buf, size_t size, off_t at)
{
	const struct iovec iov[] = {
		{(void *)buf, size / 2}, {(char *)buf + size / 2, size - size / 2}};

	return result(run, "pwritev2", enter(run)->pwritev2(fd, iov, 2, at, 0));
}

static void give_here(struct run *run, int fd, int flags)
{
	const struct iovec iov = {(char *)"eight...", 8};

	result(run, "pwritev2", enter(run)->pwritev2(fd, &iov, 1, -1, flags));
}

static void at_the_description_s(struct run *run)
{
	int fd = file_with(run, "twelve bytes", 0);

	give_here(run, fd, 0);
	give_here(run, fd, RWF_DSYNC);
	give_here(run, fd, RWF_APPEND);
	note_file(run, fd);
}

static void appended(struct run *run)
{
	const struct iovec iov = {(char *)"eight...", 8};
	int fd = file_with(run, "twelve bytes", 0);

	result(run, "pwritev2", enter(run)->pwritev2(fd, &iov, 1, 3, RWF_APPEND));
	note_file(run, fd);
}

static void waits(struct run *run)
{
	struct pair pair = pair_open(run, 0, FROM_ME);
	struct peer peer = {
		.act = peer_drains, .fd = pair.theirs, .size = MORE_THAN_FITS};
	struct iovec iov = {malloc(MORE_THAN_FITS), MORE_THAN_FITS};

	narrow(run, &pair);
	pattern_fill(iov.iov_base, MORE_THAN_FITS);
	peer_start(run, &peer);
	result(run, "pwritev2", enter(run)->pwritev2(pair.mine, &iov, 1, -1, 0));
	peer_join(&peer);
	note(run, "arrived: %zd", peer.count);
	free(iov.iov_base);
}

static void unknown_flags(struct run *run)
{
	struct pair pair = pair_open(run, TCP, FROM_ME);
	int fd = file_with(run, "twelve bytes", 0);

	give_here(run, fd, 1 << 30);
	give_here(run, pair.mine, 1 << 30);
	note_file(run, fd);
}

int main(void)
{
	static const struct positioned verb = {.give = give};
	static const struct scenario scenarios[] = {
		{"at the description's position", at_the_description_s},
		{"appended", appended},
		{"waits (tcp)", waits, TCP},
		{"waits (pipe)", waits, PIPE},
		{"unknown flags", unknown_flags},
	};

	positioned_add(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pwritev2");
}
