/* ppoll.c - ppoll(2) through libc and through its mirror. */
#include "harness/masked.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <poll.h>
#include <unistd.h>

static int ppoll_masked(struct run *run, int fd, int ms, const sigset_t *mask)
{
	struct timespec span = {ms / 1000, ms % 1000 * 1000000};
	struct pollfd p = {fd, POLLIN, 0};

	return enter(run)->ppoll(&p, 1, ms < 0 ? NULL : &span, mask);
}

static void ppoll_one(struct run *run, int fd, short events, const struct timespec *span)
{
	struct pollfd p = {fd, events, 0x55};

	result(run, "ppoll", enter(run)->ppoll(&p, 1, span, NULL));
	note(run, "events %#x", (unsigned)p.revents);
}

static void waits_for_data(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	const struct timespec minute = {60, 0};

	peer_start(run, &peer);
	ppoll_one(run, pair.mine, POLLIN, NULL);
	peer_join(&peer);
	ppoll_one(run, pair.mine, POLLIN | POLLOUT, &minute);
	took_no_wait(run);
}

static void end_while_waiting(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_closes, .fd = pair.theirs};

	peer_start(run, &peer);
	ppoll_one(run, pair.mine, 0, NULL);
	peer_join(&peer);
}

static void spans(struct run *run)
{
	static const struct timespec list[] = {
		{0, 0}, {0, 1}, {0, 2000000}, {0, 1000000000}, {0, -1}, {-1, 0}};
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct timespec span = {0, 20 * MS};
	size_t i;

	for (i = 0; i < COUNT(list); i++)
		ppoll_one(run, pair.mine, POLLIN, &list[i]);
	ppoll_one(run, pair.mine, POLLIN, &span);
	took(run, 20);
	note(run, "the span: %ld %ld", (long)span.tv_sec, span.tv_nsec);
	result(run, "ppoll", enter(run)->ppoll(NULL, 0, &span, NULL));
	took(run, 20);
}

static void bad_descriptors(struct run *run)
{
	ppoll_one(run, 900, POLLIN, NULL);
	ppoll_one(run, -1, POLLIN, &(struct timespec){0, 1000000});
}

int main(void)
{
	static const struct masked verb = {"ppoll", ppoll_masked};
	static const struct scenario scenarios[] = {
		{"waits for data (tcp)", waits_for_data, TCP},
		{"waits for data (pipe)", waits_for_data, PIPE},
		{"waits for data (pty)", waits_for_data, PTY},
		{"end while waiting", end_while_waiting, UNIX_STREAM},
		{"spans", spans},
		{"bad descriptors", bad_descriptors},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	masked_add(&verb);
	return suite_run("ppoll");
}
