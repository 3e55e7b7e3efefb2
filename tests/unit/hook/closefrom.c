/* closefrom.c - closefrom(3) through libc and through its mirror. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

enum { FAR = 700 }; /* numbers that nobody else uses */

static void all_of_them(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	char buf[16];

	check(run, run->calls->dup2(pair.mine, FAR) == FAR);
	check(run, run->calls->dup2(pair.mine, FAR + 100) == FAR + 100);
	enter(run)->closefrom(FAR + 1);
	result(run, "closefrom", 0);
	note(run, "%d %d", fcntl(FAR, F_GETFD), fcntl(FAR + 100, F_GETFD));
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(FAR, buf, sizeof(buf)));
	peer_join(&peer);
	enter(run)->closefrom(FAR);
	result(run, "closefrom", 0);
	result(run, "read", enter(run)->read(FAR, buf, sizeof(buf)));
}

/* Those that the runtime works with are none of the program's. */
static void everything(struct run *run)
{
	struct pair pair;
	struct peer peer = {.act = peer_writes, .data = "hello", .size = 5};
	char buf[16];

	enter(run)->closefrom(3);
	result(run, "closefrom", 0);
	pair = pair_open(run, 0, TO_ME);
	peer.fd = pair.theirs;
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	peer_join(&peer);
	result(run, "close_range", enter(run)->close_range(3, 200, 0));
	let_go(run, pair.mine);
	let_go(run, pair.theirs);
	pair = pair_open(run, 0, TO_ME);
	peer.fd = pair.theirs;
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	peer_join(&peer);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"all of them (tcp)", all_of_them, TCP},
		{"all of them (pipe)", all_of_them, PIPE},
		{"everything (tcp)", everything, TCP},
		{"everything (pipe)", everything, PIPE},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("closefrom");
}
