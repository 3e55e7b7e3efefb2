/* sigsuspend.c - sigsuspend(2) through libc and through its mirror. */
#include "harness/doomed.h"
#include "harness/interrupt.h"
#include "harness/peer.h"
#include "harness/scenario.h"
#include "harness/sigwaiting.h"

#include <errno.h>
#include <unistd.h>

static void suspend(struct run *run, const sigset_t *mask)
{
	sigset_t now;

	result(run, "sigsuspend", enter(run)->sigsuspend(mask));
	pthread_sigmask(SIG_SETMASK, NULL, &now);
	note(run, "blocked: %d", sigismember(&now, SIGUSR1));
}

static void let_in(struct run *run)
{
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};
	sigset_t none;

	sigemptyset(&none);
	block_signal(run, SIGUSR1);
	catch_signal(run, SIGUSR1, run->kind);
	peer_start(run, &peer);
	suspend(run, &none);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	unblock_signal(run, SIGUSR1);
}

static void pending_before(struct run *run)
{
	sigset_t none;

	sigemptyset(&none);
	block_signal(run, SIGUSR1);
	catch_signal(run, SIGUSR1, 0);
	check(run, raise(SIGUSR1) == 0);
	suspend(run, &none);
	took_no_wait(run);
	note_caught(run, SIGUSR1);
	unblock_signal(run, SIGUSR1);
}

static void peer_signals_twice(struct peer *peer)
{
	tgkill(getpid(), peer->run->home, SIGUSR2);
	peer_await(peer);
	tgkill(getpid(), peer->run->home, SIGUSR1);
}

/* What the call keeps out waits for its end. */
static void kept_out(struct run *run)
{
	struct peer peer = {.act = peer_signals_twice};
	sigset_t mask;

	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR2);
	catch_signal(run, SIGUSR1, 0);
	catch_signal(run, SIGUSR2, 0);
	peer_start(run, &peer);
	suspend(run, &mask);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	note_caught(run, SIGUSR2);
}

static void bad_mask(struct run *run)
{
#ifndef __SANITIZE_ADDRESS__ /* its own check of the mask would end the test */
	suspend(run, nowhere());
#endif
	took_no_wait(run);
}

static void doomed_suspends(struct doomed *doomed)
{
	sigset_t none;

	sigemptyset(&none);
	doomed_enter(doomed)->sigsuspend(&none);
}

static void cancelled(struct run *run)
{
	struct doomed doomed = {.act = doomed_suspends, .sort = OWN};

	doomed_meets_end(run, &doomed);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"let in", let_in},
		{"let in, not restarted", let_in, SA_RESTART},
		{"pending before", pending_before},
		{"kept out", kept_out, 0, PLAIN | ROOT},
		{"bad mask", bad_mask},
		{"cancelled", cancelled},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("sigsuspend");
}
