/* epoll_create1.c - epoll_create1(2) through libc and through its mirror. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>

static void make_and_note(struct run *run, int argument)
{
	int set = enter(run)->epoll_create1(argument);

	if (set < 0) {
		result(run, "epoll_create1", set);
		return;
	}
	descriptor(run, "epoll_create1", set);
	note(run, "closed by exec: %d", fcntl(set, F_GETFD));
}

static void arguments(struct run *run)
{
	static const int list[] = {0, EPOLL_CLOEXEC, O_NONBLOCK};
	size_t i;

	for (i = 0; i < COUNT(list); i++)
		make_and_note(run, list[i]);
}

/* What waited for the old set under its number is not told of the new one. */
static void number_reused(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct epoll_event event = {.events = EPOLLIN};
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	int old = run->calls->epoll_create1(0), set;

	result(run, "epoll_wait", enter(run)->epoll_wait(old, &event, 1, 1));
	check(run, run->calls->close(old) == 0);
	set = descriptor(run, "epoll_create1", enter(run)->epoll_create1(0));
	check(run, set == old);
	check(run, epoll_ctl(set, EPOLL_CTL_ADD, pair.mine, &event) == 0);
	event = (struct epoll_event){0};
	peer_start(run, &peer);
	result(run, "epoll_wait", enter(run)->epoll_wait(set, &event, 1, -1));
	peer_join(&peer);
	note(run, "event %#x", event.events);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"arguments", arguments},
		{"number reused", number_reused},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("epoll_create1");
}
