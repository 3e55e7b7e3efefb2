/* usleep.c - usleep(3) through libc and through its mirror. */
#include "harness/interrupt.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <signal.h>
#include <unistd.h>

static void spans(struct run *run)
{
	result(run, "usleep", enter(run)->usleep(0));
	result(run, "usleep", enter(run)->usleep(1));
	result(run, "usleep", enter(run)->usleep(20000));
	took(run, 20);
}

/* POSIX allows to refuse a second and more; Linux sleeps. */
static void more_than_a_second(struct run *run)
{
	result(run, "usleep", enter(run)->usleep(1100000));
	took(run, 1100);
}

static void interrupted(struct run *run)
{
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, run->kind);
	peer_start(run, &peer);
	result(run, "usleep", enter(run)->usleep(50000000));
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"spans", spans},
		{"more than a second", more_than_a_second},
		{"interrupted", interrupted, 0, PLAIN | ROOT},
		{"not restarted", interrupted, SA_RESTART, PLAIN | ROOT},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("usleep");
}
