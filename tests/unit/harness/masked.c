/* masked.c - signals that the mask of a call lets in, or keeps out. */
#include "harness/masked.h"
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <sched.h>
#include <unistd.h>

static void wait_masked(struct run *run, int fd, int ms, const sigset_t *mask)
{
	const struct masked *verb = run->verb;

	result(run, verb->name, verb->wait(run, fd, ms, mask));
}

static sigset_t only(int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	return set;
}

static void block(struct run *run, int how, int sig)
{
	const sigset_t set = only(sig);

	check(run, pthread_sigmask(how, &set, NULL) == 0);
}

static void note_blocked(struct run *run, int sig)
{
	sigset_t now;

	pthread_sigmask(SIG_SETMASK, NULL, &now);
	note(run, "signal %d is blocked: %d", sig, sigismember(&now, sig));
}

static void let_in_while_waiting(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};
	sigset_t none;

	sigemptyset(&none);
	catch_signal(run, SIGUSR1, SA_RESTART);
	block(run, SIG_BLOCK, SIGUSR1);
	peer_start(run, &peer);
	wait_masked(run, pair.mine, -1, &none);
	note_blocked(run, SIGUSR1);
	peer_join(&peer);
	note(run, "caught %d", caught(SIGUSR1));
	peer_start(run, &peer);
	wait_masked(run, pair.mine, 60000, &none);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	block(run, SIG_UNBLOCK, SIGUSR1);
}

static void pending_before(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	const sigset_t none = {0};

	catch_signal(run, SIGUSR1, 0);
	block(run, SIG_BLOCK, SIGUSR1);
	check(run, raise(SIGUSR1) == 0);
	wait_masked(run, pair.mine, -1, &none);
	took_no_wait(run);
	note(run, "caught %d", caught(SIGUSR1));
	wait_masked(run, pair.mine, 5, &none);
	took(run, 5);
	note_caught(run, SIGUSR1);
	block(run, SIG_UNBLOCK, SIGUSR1);
}

/* What is ready comes before what is pending. */
static void ready_and_pending(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	const sigset_t none = {0};

	catch_signal(run, SIGUSR1, 0);
	block(run, SIG_BLOCK, SIGUSR1);
	check(run, raise(SIGUSR1) == 0);
	pair_put(run, &pair, "hello");
	wait_masked(run, pair.mine, -1, &none);
	note(run, "caught %d", caught(SIGUSR1));
	block(run, SIG_UNBLOCK, SIGUSR1);
	note_caught(run, SIGUSR1);
}

/* Data comes when the signal has had its chance. */
static void peer_signals_then_writes(struct peer *peer)
{
	tgkill(getpid(), peer->run->home, SIGUSR1);
	peer_await(peer);
	peer_writes(peer);
}

static void kept_out_by_both(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_signals_then_writes, .fd = pair.theirs,
		.data = "hello", .size = 5};
	const sigset_t mask = only(SIGUSR1);

	catch_signal(run, SIGUSR1, 0);
	block(run, SIG_BLOCK, SIGUSR1);
	peer_start(run, &peer);
	wait_masked(run, pair.mine, -1, &mask);
	peer_join(&peer);
	note(run, "caught %d", caught(SIGUSR1));
	block(run, SIG_UNBLOCK, SIGUSR1);
	note_caught(run, SIGUSR1);
}

/* In the only thread there is. */
static void kept_out_by_the_call(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_signals_then_writes, .fd = pair.theirs,
		.data = "hello", .size = 5};
	const sigset_t mask = only(SIGUSR1);

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	wait_masked(run, pair.mine, -1, &mask);
	note_blocked(run, SIGUSR1);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void ignored(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_signals_then_writes, .fd = pair.theirs,
		.data = "hello", .size = 5};
	const sigset_t none = {0};

	check(run, run->calls->signal(SIGUSR1, SIG_IGN) != SIG_ERR);
	block(run, SIG_BLOCK, SIGUSR1);
	peer_start(run, &peer);
	wait_masked(run, pair.mine, -1, &none);
	peer_join(&peer);
	block(run, SIG_UNBLOCK, SIGUSR1);
	check(run, run->calls->signal(SIGUSR1, SIG_DFL) != SIG_ERR);
}

static void events_and_time(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	sigset_t all;

	sigfillset(&all);
	sigdelset(&all, SIGALRM); /* the test's own alarm */
	wait_masked(run, pair.mine, 10, &all);
	took(run, 10);
	wait_masked(run, pair.mine, 0, &all);
	took_no_wait(run);
	peer_start(run, &peer);
	wait_masked(run, pair.mine, -1, &all);
	peer_join(&peer);
}

#ifndef __SANITIZE_ADDRESS__ /* its own check of the mask would end the test */
static void bad_mask(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);

	wait_masked(run, pair.mine, -1, nowhere());
	wait_masked(run, pair.mine, 0, nowhere());
	took_no_wait(run);
}
#endif

void masked_add(const struct masked *verb)
{
	static const struct scenario scenarios[] = {
		{"signal let in while waiting (tcp)", let_in_while_waiting, TCP},
		{"signal let in while waiting (pipe)", let_in_while_waiting, PIPE},
		{"signal pending before", pending_before, TCP},
		{"ready and pending", ready_and_pending, PIPE},
		{"signal kept out by both", kept_out_by_both, TCP},
		{"signal kept out by the call", kept_out_by_the_call, TCP, PLAIN | ROOT},
		{"signal let in and ignored", ignored, TCP},
		{"events and time under a mask", events_and_time, PIPE},
#ifndef __SANITIZE_ADDRESS__
		{"bad mask", bad_mask},
#endif
	};

	suite_add(scenarios, COUNT(scenarios), verb);
}
