/* sigwaiting.c - signals that are waited for instead of handled. */
#include "harness/sigwaiting.h"
#include "harness/doomed.h"
#include "harness/interrupt.h"
#include "harness/mate.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

sigset_t block_signal(struct run *run, int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	check(run, pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	return set;
}

void unblock_signal(struct run *run, int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	check(run, pthread_sigmask(SIG_UNBLOCK, &set, NULL) == 0);
}

static void wait_signal(struct run *run, const sigset_t *set)
{
	const struct sigwaiting *verb = run->verb;
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	result(run, verb->name, verb->wait(enter(run), set, &info));
	note(run, "signal %d, code %d, from here %d, value %d", info.si_signo,
		info.si_code, info.si_pid == getpid(), info.si_value.sival_int);
}

static void peer_signals_process(struct peer *peer)
{
	check(peer->run, kill(getpid(), (int)peer->size) == 0);
}

static void peer_queues(struct peer *peer)
{
	check(peer->run, sigqueue(getpid(), (int)peer->size,
				 (union sigval){.sival_int = 77}) == 0);
}

static void meet_signal(struct run *run, int sig, void (*act)(struct peer *peer))
{
	const sigset_t set = block_signal(run, sig);
	struct peer peer = {.act = act, .size = (size_t)sig};

	errno = EDOM;
	peer_start(run, &peer);
	wait_signal(run, &set);
	peer_join(&peer);
	unblock_signal(run, sig);
}

static void for_the_thread(struct run *run)
{
	meet_signal(run, SIGUSR1, peer_signals);
}

static void for_the_process(struct run *run)
{
	meet_signal(run, SIGUSR1, peer_signals_process);
	meet_signal(run, SIGTERM, peer_signals_process);
}

static void with_a_value(struct run *run)
{
	meet_signal(run, SIGRTMIN + 1, peer_queues);
}

/* The helpers of the runtime are no place for it. */
static void after_a_lookup(struct run *run)
{
	struct addrinfo *list = NULL;

	if (run->calls->getaddrinfo("localhost", "http", NULL, &list) == 0)
		freeaddrinfo(list);
	meet_signal(run, SIGTERM, peer_signals_process);
}

static void pending_before(struct run *run)
{
	sigset_t set = block_signal(run, SIGUSR1);

	block_signal(run, SIGUSR2);
	sigaddset(&set, SIGUSR2);
	check(run, raise(SIGUSR2) == 0 && kill(getpid(), SIGUSR1) == 0);
	wait_signal(run, &set);
	wait_signal(run, &set);
	took_no_wait(run);
	unblock_signal(run, SIGUSR1);
	unblock_signal(run, SIGUSR2);
}

static void several_of_a_kind(struct run *run)
{
	const int sig = SIGRTMIN + 2;
	const sigset_t set = block_signal(run, sig);
	int i;

	for (i = 1; i <= 3; i++)
		check(run, sigqueue(getpid(), sig, (union sigval){.sival_int = i}) == 0);
	for (i = 1; i <= 3; i++)
		wait_signal(run, &set);
	took_no_wait(run);
	unblock_signal(run, sig);
}

/* A handler's signal, and then the one that is waited for. */
static void peer_signals_both(struct peer *peer)
{
	tgkill(getpid(), peer->run->home, SIGUSR2);
	peer_await(peer);
	tgkill(getpid(), peer->run->home, SIGUSR1);
}

static void a_handler_runs(struct run *run)
{
	const struct sigwaiting *verb = run->verb;
	const sigset_t set = block_signal(run, SIGUSR1);
	struct peer peer = {.act = verb->has_info ? peer_signals : peer_signals_both,
		.size = SIGUSR2};

	catch_signal(run, SIGUSR2, SA_RESTART);
	peer_start(run, &peer);
	wait_signal(run, &set);
	peer_join(&peer);
	note_caught(run, SIGUSR2);
	unblock_signal(run, SIGUSR1);
}

/* What has a handler and is blocked does not run it. */
static void caught_otherwise(struct run *run)
{
	catch_signal(run, SIGUSR1, 0);
	meet_signal(run, SIGUSR1, peer_signals_process);
	note_caught(run, SIGUSR1);
}

static void mate_waits(struct mate *mate)
{
	const struct sigwaiting *verb = mate->run->verb;

	mate->outcome = mate_leave(mate, verb->wait(mate_enter(mate), mate->arg, NULL));
}

static void each_its_own(struct run *run)
{
	sigset_t first = block_signal(run, SIGUSR1), second = block_signal(run, SIGUSR2);
	struct mate one = {.act = mate_waits, .arg = &first, .sort = OWN};
	struct mate other = {.act = mate_waits, .arg = &second, .sort = OWN};

	mate_start(run, &one);
	mate_start(run, &other);
	check(run, mate_blocked(&one) && mate_blocked(&other));
	check(run, kill(getpid(), SIGUSR2) == 0);
	mate_join(&other);
	check(run, mate_blocked(&one));
	check(run, kill(getpid(), SIGUSR1) == 0);
	mate_join(&one);
	note(run, "%ld %ld", one.outcome, other.outcome);
	unblock_signal(run, SIGUSR1);
	unblock_signal(run, SIGUSR2);
}

/* Linux may interrupt the thread that came too late. */
static void two_for_one(struct run *run)
{
	sigset_t set = block_signal(run, SIGUSR1);
	struct mate mates[2] = {{.act = mate_waits, .arg = &set, .sort = OWN},
		{.act = mate_waits, .arg = &set, .sort = OWN}};
	struct mate *other;

	mate_start(run, &mates[0]);
	mate_start(run, &mates[1]);
	check(run, mate_blocked(&mates[0]) && mate_blocked(&mates[1]));
	check(run, kill(getpid(), SIGUSR1) == 0);
	while (!atomic_load(&mates[0].done) && !atomic_load(&mates[1].done))
		run->calls->usleep(50);
	other = &mates[atomic_load(&mates[0].done) ? 1 : 0];
	check(run, mate_blocked(other));
	check(run, kill(getpid(), SIGUSR1) == 0);
	mate_join(&mates[0]);
	mate_join(&mates[1]);
	check(run, mates[0].outcome == SIGUSR1 && mates[1].outcome == SIGUSR1);
	unblock_signal(run, SIGUSR1);
}

static void bad_memory(struct run *run)
{
	const struct sigwaiting *verb = run->verb;
	const sigset_t set = block_signal(run, SIGUSR1);

	result(run, "bad set", verb->wait(enter(run), nowhere(), NULL));
	if (verb->has_info) {
		check(run, raise(SIGUSR1) == 0);
		result(run, "bad info", verb->wait(enter(run), &set, nowhere()));
	}
	took_no_wait(run);
	unblock_signal(run, SIGUSR1);
}

static void doomed_waits(struct doomed *doomed)
{
	const struct sigwaiting *verb = doomed->run->verb;

	verb->wait(doomed_enter(doomed), doomed->arg, NULL);
}

static void cancelled(struct run *run)
{
	sigset_t set = block_signal(run, SIGUSR1);
	struct doomed doomed = {.act = doomed_waits, .arg = &set, .sort = OWN};

	doomed_meets_end(run, &doomed);
	unblock_signal(run, SIGUSR1);
}

void sigwaiting_add(const struct sigwaiting *verb)
{
	static const struct scenario scenarios[] = {
		{"for the thread", for_the_thread},
		{"for the process", for_the_process},
		{"with a value", with_a_value},
		{"after a lookup", after_a_lookup},
		{"pending before", pending_before},
		{"several of a kind", several_of_a_kind},
		{"a handler runs", a_handler_runs, 0, PLAIN | ROOT},
		{"caught otherwise", caught_otherwise},
		{"each its own", each_its_own},
		{"two for one", two_for_one, 0, MODES_MIRROR},
		{"bad memory", bad_memory},
		{"cancelled", cancelled},
	};

	suite_add(scenarios, COUNT(scenarios), verb);
}
