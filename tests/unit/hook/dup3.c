/* dup3.c - dup3(2) through libc and through its mirror: dup2 with flags. */
#include "harness/copying.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

static int copy_by_dup3(struct run *run, int fd)
{
	return enter(run)->dup3(fd, free_number(), 0);
}

static void close_on_exec(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	int copy = descriptor(
		run, "dup3", enter(run)->dup3(pair.mine, free_number(), O_CLOEXEC));

	note(run, "descriptor flags %d", run->calls->fcntl(copy, F_GETFD));
}

static void errors(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);

	result(run, "dup3", enter(run)->dup3(pair.mine, pair.mine, 0));
	result(run, "dup3", enter(run)->dup3(pair.mine, pair.theirs, O_NONBLOCK));
	result(run, "dup3", enter(run)->dup3(pair.mine, -1, 0));
	result(run, "dup3", enter(run)->dup3(pair.mine, 2000000000, 0));
	result(run, "dup3", enter(run)->dup3(900, pair.mine, 0));
	result(run, "dup3", enter(run)->dup3(900, 900, 0));
}

static void over_an_open_one(struct run *run)
{
	struct pair old = pair_open(run, TCP, TO_ME), new = pair_open(run, TCP, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = new.theirs, .data = "hello", .size = 5};
	char buf[16];

	check(run, run->calls->dup3(new.mine, old.mine, 0) == old.mine);
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(old.mine, buf, sizeof(buf)));
	peer_join(&peer);
}

int main(void)
{
	static const struct copying verb = {"dup3", copy_by_dup3};
	static const struct scenario scenarios[] = {
		{"close on exec", close_on_exec},
		{"errors", errors},
		{"over an open one", over_an_open_one},
	};

	copying_add(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("dup3");
}
