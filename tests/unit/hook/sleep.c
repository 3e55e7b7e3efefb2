/* sleep.c - sleep(3) through libc and through its mirror. */
#include "harness/interrupt.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

static void spans(struct run *run)
{
	result(run, "sleep", enter(run)->sleep(0));
	result(run, "sleep", enter(run)->sleep(1));
	took(run, 1000);
}

/* What is left is rounded by libc; a second more or less is the machine's. */
static void interrupted(struct run *run)
{
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};
	unsigned left;
	int error;

	catch_signal(run, SIGUSR1, run->kind);
	peer_start(run, &peer);
	errno = 0;
	left = enter(run)->sleep(50);
	error = errno;
	result(run, "sleep", 0);
	check(run, error == EINTR);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	check(run, left >= 40 && left <= 49); /* less than 50, and the rest is cut */
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"spans", spans},
		{"interrupted", interrupted, 0, PLAIN | ROOT},
		{"not restarted", interrupted, SA_RESTART, PLAIN | ROOT},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("sleep");
}
