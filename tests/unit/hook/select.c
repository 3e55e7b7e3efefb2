/* select.c - select(2) through libc and through its mirror. */
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"
#include "harness/selecting.h"

#include <errno.h>
#include <signal.h>
#include <sys/select.h>

static int select_by_timeval(
	struct run *run, int n, fd_set *sets[3], struct timespec *span)
{
	struct timeval tv;

	if (!span)
		return enter(run)->select(n, sets[0], sets[1], sets[2], NULL);
	tv = (struct timeval){span->tv_sec, span->tv_nsec / 1000};
	return enter(run)->select(n, sets[0], sets[1], sets[2], &tv);
}

static int select_mine(struct run *run, int fd, struct timeval *tv)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	return (int)result(
		run, "select", enter(run)->select(fd + 1, &set, NULL, NULL, tv));
}

/* The timeout holds what is left of it, whatever the result is. */
static void rest_is_left(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct peer writes = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	struct peer signals = {.act = peer_signals, .size = SIGUSR1};
	struct timeval tv = {50, 0};

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &signals);
	select_mine(run, pair.mine, &tv);
	peer_join(&signals);
	check(run, tv.tv_sec >= 30 && tv.tv_sec < 50);
	peer_start(run, &writes);
	tv = (struct timeval){40, 0};
	select_mine(run, pair.mine, &tv);
	peer_join(&writes);
	check(run, tv.tv_sec >= 20 && tv.tv_sec < 40 && tv.tv_usec < 1000000);
	check(run, run->calls->read(pair.mine, (char[5]){0}, 5) == 5);
	tv = (struct timeval){0, 5000};
	select_mine(run, pair.mine, &tv);
	note(run, "%ld %ld", (long)tv.tv_sec, (long)tv.tv_usec);
	check(run, run->calls->signal(SIGUSR1, SIG_DFL) != SIG_ERR);
}

/* Too many microseconds are seconds, in libc's select. */
static void odd_spans(struct run *run)
{
	static const struct timeval spans[] = {{0, 1}, {0, 0}, {-1, 5}, {1, -1}};
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct timeval tv = {0, 1100000};
	size_t i;

	select_mine(run, pair.mine, &tv);
	took(run, 1100);
	note(run, "%ld %ld", (long)tv.tv_sec, (long)tv.tv_usec);
	for (i = 0; i < COUNT(spans); i++) {
		tv = spans[i];
		select_mine(run, pair.mine, &tv);
		note(run, "%ld %ld", (long)tv.tv_sec, (long)tv.tv_usec);
	}
}

int main(void)
{
	static const struct selecting verb = {"select", select_by_timeval};
	static const struct scenario scenarios[] = {
		{"rest is left (as main)", rest_is_left, 0, PLAIN | ROOT},
		{"odd spans", odd_spans},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	selecting_add(&verb);
	return suite_run("select");
}
