/* thrd_sleep.c - thrd_sleep(3) through libc and through its mirror. */
#include "harness/interrupt.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <signal.h>
#include <threads.h>

static void sleep_for(struct run *run, struct timespec span)
{
	struct timespec rest = {77, 77};

	errno = EDOM;
	note(run, "thrd_sleep = %d", enter(run)->thrd_sleep(&span, &rest));
	note(run, "errno %s, rest %ld %ld", error_name(errno), (long)rest.tv_sec,
		rest.tv_nsec);
	result(run, "end", 0);
}

static void spans(struct run *run)
{
	sleep_for(run, (struct timespec){0, 0});
	sleep_for(run, (struct timespec){0, 20 * 1000 * 1000});
	took(run, 20);
}

static void malformed(struct run *run)
{
	sleep_for(run, (struct timespec){0, 1000000000});
	sleep_for(run, (struct timespec){-1, 0});
	note(run, "thrd_sleep = %d", enter(run)->thrd_sleep(nowhere(), NULL));
}

static void interrupted(struct run *run)
{
	const struct timespec span = {50, 0};
	struct timespec rest = {77, 77};
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, run->kind);
	peer_start(run, &peer);
	note(run, "thrd_sleep = %d", enter(run)->thrd_sleep(&span, &rest));
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	check(run, rest.tv_sec >= 30 && rest.tv_sec <= 50 && rest.tv_nsec < 1000000000);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"spans", spans},
		{"malformed", malformed},
		{"interrupted", interrupted, 0, PLAIN | ROOT},
		{"not restarted", interrupted, SA_RESTART, PLAIN | ROOT},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("thrd_sleep");
}
