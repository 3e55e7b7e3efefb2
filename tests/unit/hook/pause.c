/* pause.c - pause(2) through libc and through its mirror. */
#include "harness/doomed.h"
#include "harness/interrupt.h"
#include "harness/mate.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

static void until_a_handler_ran(struct run *run)
{
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, run->kind);
	peer_start(run, &peer);
	result(run, "pause", enter(run)->pause());
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void peer_signals_twice(struct peer *peer)
{
	tgkill(getpid(), peer->run->home, SIGUSR2);
	peer_await(peer);
	tgkill(getpid(), peer->run->home, SIGUSR1);
}

static void what_is_ignored_ends_nothing(struct run *run)
{
	struct peer peer = {.act = peer_signals_twice};

	check(run, run->calls->signal(SIGUSR2, SIG_IGN) != SIG_ERR);
	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	result(run, "pause", enter(run)->pause());
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	check(run, run->calls->signal(SIGUSR2, SIG_DFL) != SIG_ERR);
}

static void mate_pauses(struct mate *mate)
{
	long r = mate_leave(mate, mate_enter(mate)->pause());

	mate->outcome = r < 0 ? -errno : r;
}

/* A signal for one thread ends its pause, and no other's. */
static void for_one_thread(struct run *run)
{
	struct mate one = {.act = mate_pauses, .sort = OWN};
	struct mate other = {.act = mate_pauses, .sort = OWN};

	catch_signal(run, SIGUSR1, 0);
	mate_start(run, &one);
	mate_start(run, &other);
	check(run, mate_blocked(&one) && mate_blocked(&other));
	check(run, run->calls->pthread_kill(one.thread, SIGUSR1) == 0);
	mate_join(&one);
	check(run, mate_blocked(&other));
	check(run, run->calls->pthread_kill(other.thread, SIGUSR1) == 0);
	mate_join(&other);
	note(run, "%ld %ld", one.outcome, other.outcome);
	note_caught(run, SIGUSR1);
}

static void doomed_pauses(struct doomed *doomed)
{
	doomed_enter(doomed)->pause();
}

static void cancelled(struct run *run)
{
	struct doomed doomed = {.act = doomed_pauses, .sort = OWN};

	doomed_meets_end(run, &doomed);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"until a handler ran", until_a_handler_ran, 0, PLAIN | ROOT},
		{"not restarted", until_a_handler_ran, SA_RESTART, PLAIN | ROOT},
		{"what is ignored ends nothing", what_is_ignored_ends_nothing, 0,
			PLAIN | ROOT},
		{"for one thread", for_one_thread},
		{"cancelled", cancelled},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pause");
}
