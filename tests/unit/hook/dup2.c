/* dup2.c - dup2(2) through libc and through its mirror: the number is the caller's
 * choice. */
#include "harness/copying.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <unistd.h>

static int copy_by_dup2(struct run *run, int fd)
{
	return enter(run)->dup2(fd, free_number());
}

static void onto_itself(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	char buf[16];

	check(run, run->calls->dup2(pair.mine, pair.mine) == pair.mine);
	check(run, run->calls->fcntl(pair.mine, F_SETFD, FD_CLOEXEC) == 0);
	check(run, run->calls->dup2(pair.mine, pair.mine) == pair.mine);
	note(run, "descriptor flags %d", fcntl(pair.mine, F_GETFD));
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	peer_join(&peer);
}

/* What was there before is closed; whoever uses the number from now on means the new
 * one. */
static void over_an_open_one(struct run *run)
{
	struct pair old = pair_open(run, 0, TO_ME), new = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = new.theirs, .data = "hello", .size = 5};
	char buf[16], byte;

	check(run, run->calls->dup2(new.mine, old.mine) == old.mine);
	if (run->kind != PIPE)
		note(run, "old peer got %zd", read(old.theirs, &byte, 1));
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(old.mine, buf, sizeof(buf)));
	peer_join(&peer);
}

static void timeouts_do_not_mix(struct run *run)
{
	struct pair old = pair_open(run, TCP, TO_ME), new = pair_open(run, TCP, TO_ME);
	const struct timeval timeout = {0, 1000};
	struct peer peer = {
		.act = peer_writes, .fd = new.theirs, .data = "hello", .size = 5};
	char buf[16];

	check(run, run->calls->setsockopt(old.mine, SOL_SOCKET, SO_RCVTIMEO, &timeout,
			   sizeof(timeout)) == 0);
	result(run, "read", enter(run)->read(old.mine, buf, sizeof(buf)));
	check(run, run->calls->dup2(new.mine, old.mine) == old.mine);
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(old.mine, buf, sizeof(buf)));
	peer_join(&peer);
}

static void bad_numbers(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);

	result(run, "dup2", enter(run)->dup2(pair.mine, -1));
	result(run, "dup2", enter(run)->dup2(pair.mine, 2000000000));
	result(run, "dup2", enter(run)->dup2(-1, -1));
	result(run, "dup2", enter(run)->dup2(900, 900));
	result(run, "dup2", enter(run)->dup2(900, pair.mine));
	check(run, fcntl(pair.mine, F_GETFD) == 0);
}

int main(void)
{
	static const struct copying verb = {"dup2", copy_by_dup2};
	static const struct scenario scenarios[] = {
		{"onto itself", onto_itself},
		{"over an open one (tcp)", over_an_open_one, TCP},
		{"over an open one (unix stream)", over_an_open_one, UNIX_STREAM},
		{"over an open one (pipe)", over_an_open_one, PIPE},
		{"timeouts do not mix", timeouts_do_not_mix},
		{"bad numbers", bad_numbers},
	};

	copying_add(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("dup2");
}
