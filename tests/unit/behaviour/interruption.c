/* interruption.c - signals and waiting: who is interrupted, and who is not. */
#include "harness/interrupt.h"
#include "harness/mate.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* Two signals while one call waits: the handler runs for each, the call comes back
 * once. */
static void peer_signals_twice(struct peer *peer)
{
	tgkill(getpid(), peer->run->home, SIGUSR1);
	while (caught(SIGUSR1) < 1)
		sched_yield();
	peer_await(peer);
	tgkill(getpid(), peer->run->home, SIGUSR1);
	while (caught(SIGUSR1) < 2)
		sched_yield();
	peer_await(peer);
	peer_writes(peer);
}

static void restarted_twice(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_signals_twice, .fd = pair.theirs, .data = "hello",
		.size = 5};
	char buf[16];

	catch_signal(run, SIGUSR1, SA_RESTART);
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

/* An ignored signal, or one whose default is to be ignored, interrupts nothing. */
static void peer_signals_in_vain(struct peer *peer)
{
	tgkill(getpid(), peer->run->home, SIGUSR1);
	tgkill(getpid(), peer->run->home, SIGCHLD);
	tgkill(getpid(), peer->run->home, SIGWINCH);
	peer_await(peer);
	peer_writes(peer);
}

static void ignored_signals(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_signals_in_vain, .fd = pair.theirs, .data = "hello",
		.size = 5};
	char buf[16];

	check(run, run->calls->signal(SIGUSR1, SIG_IGN) != SIG_ERR);
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	peer_join(&peer);
	check(run, run->calls->signal(SIGUSR1, SIG_DFL) != SIG_ERR);
}

/* A blocked one waits until it is let in, and so does the call. */
static void blocked_signal(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_signals_in_vain, .fd = pair.theirs, .data = "hello",
		.size = 5};
	sigset_t set, before;
	char buf[16];

	catch_signal(run, SIGUSR1, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, &before);
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	peer_join(&peer);
	note(run, "caught %d", caught(SIGUSR1));
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	note_caught(run, SIGUSR1);
}

/* One flagged SA_RESTART and one not: the one without decides. */
static void peer_signals_both(struct peer *peer)
{
	tgkill(getpid(), peer->run->home, SIGUSR1);
	while (!caught(SIGUSR1))
		sched_yield();
	peer_await(peer);
	tgkill(getpid(), peer->run->home, SIGUSR2);
}

static void restarted_then_interrupted(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_signals_both};
	char byte;

	catch_signal(run, SIGUSR1, SA_RESTART);
	catch_signal(run, SIGUSR2, 0);
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, &byte, 1));
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	note_caught(run, SIGUSR2);
}

/* A signal that came before the call does not interrupt it. */
static void signal_before_the_call(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "hello", .size = 5};
	char buf[16];

	catch_signal(run, SIGUSR1, 0);
	raise(SIGUSR1);
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

/* Handlers installed by foreign code count as well. */
static void foreign_handler(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};
	const struct calls *calls = run->calls;
	char byte;

	run->calls = &plain_calls;
	catch_signal(run, SIGUSR1, 0);
	run->calls = calls;
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, &byte, 1));
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void alarm_clock(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	const struct itimerval soon = {.it_value = {0, 20000}};
	struct itimerval rest;
	char byte;

	catch_signal(run, SIGALRM, 0);
	getitimer(ITIMER_REAL, &rest);
	check(run, setitimer(ITIMER_REAL, &soon, NULL) == 0);
	result(run, "read", enter(run)->read(pair.mine, &byte, 1));
	note(run, "caught %d", caught(SIGALRM));
	check(run, run->calls->signal(SIGALRM, SIG_DFL) != SIG_ERR);
	check(run, setitimer(ITIMER_REAL, &rest, NULL) == 0);
}

static bool is_stopped(pid_t process)
{
	char path[32], text[256] = "";
	const char *state;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", process);
	fd = open(path, O_RDONLY);
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	state = n > 0 ? strrchr(text, ')') : NULL;
	return state && state[2] == 'T';
}

static void stop_and_continue_parent(void)
{
	pid_t parent = getppid();

	kill(parent, SIGSTOP);
	while (!is_stopped(parent))
		sched_yield();
	kill(parent, SIGCONT);
	_exit(0);
}

/* The whole process is stopped, and goes on: by somebody else's hand. */
static void peer_has_us_stopped(struct peer *peer)
{
	sigset_t set;
	pid_t child;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	child = fork();
	if (child == 0)
		stop_and_continue_parent();
	waitpid(child, NULL, 0);
	peer_await(peer);
	peer_writes(peer);
}

static void stopped_and_continued(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct peer peer = {.act = peer_has_us_stopped, .fd = pair.theirs, .data = "hello",
		.size = 5};
	struct pollfd p = {pair.mine, POLLIN, 0};
	char buf[16];

	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	peer_join(&peer);
	peer_start(run, &peer);
	result(run, "poll", enter(run)->poll(&p, 1, -1));
	peer_join(&peer);
}

/* Locks, joins and conditions are never interrupted. */
static void finish_after_a_signal(struct mate *mate)
{
	spot_blocked(mate->run, &mate->run->spot);
	tgkill(getpid(), mate->run->home, SIGUSR1);
	while (!caught(SIGUSR1))
		mate->calls->sched_yield();
	mate->outcome = !spot_blocked(mate->run, &mate->run->spot);
}

static void joins_are_not(struct run *run)
{
	struct mate mate = {.act = finish_after_a_signal, .sort = OWN};

	catch_signal(run, SIGUSR1, 0);
	spot_reset(&run->spot);
	mate_start(run, &mate);
	code(run, "join", enter(run)->pthread_join(mate.thread, NULL));
	note(run, "mate: %ld", mate.outcome);
	note_caught(run, SIGUSR1);
}

/* Another fiber that waits is not the one that the kernel interrupted: its call goes
 * on. */
static void read_one(struct mate *mate)
{
	char byte;

	mate->outcome = mate_leave(mate, mate_enter(mate)->read(*(int *)mate->arg, &byte, 1));
}

static void other_fibers_are_not(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME), mine = pair_open(run, 0, TO_ME);
	struct mate mate = {.act = read_one, .arg = &pair.mine};
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};
	char byte;

	catch_signal(run, SIGUSR1, 0);
	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(mine.mine, &byte, 1));
	peer_join(&peer);
	check(run, mate_blocked(&mate));
	check(run, write(pair.theirs, "x", 1) == 1);
	mate_join(&mate);
	note(run, "mate got %ld", mate.outcome);
	note_caught(run, SIGUSR1);
}

/* A signal that only the mask of a call in another thread lets in is that thread's: its
 * call is interrupted, and no other. */
static void ppoll_unmasked(struct mate *mate)
{
	sigset_t none;

	sigemptyset(&none);
	mate->outcome = mate_leave(mate, mate_enter(mate)->ppoll(NULL, 0, NULL, &none));
	mate->outcome = mate->outcome < 0 ? errno : 0;
}

static void peer_signals_process(struct peer *peer)
{
	struct mate *mate = peer->arg;

	kill(getpid(), SIGUSR1);
	while (!atomic_load(&mate->done))
		sched_yield();
	peer_await(peer);
	peer_writes(peer);
}

static void let_in_by_another(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	struct mate mate = {.act = ppoll_unmasked};
	struct peer peer = {.act = peer_signals_process, .fd = pair.theirs, .arg = &mate,
		.data = "x", .size = 1};
	sigset_t set, before;
	char byte;

	catch_signal(run, SIGUSR1, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, &before);
	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, &byte, 1));
	peer_join(&peer);
	mate_join(&mate);
	note(run, "mate: %s", error_name((int)mate.outcome));
	note_caught(run, SIGUSR1);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* What a handler makes ready comes too late for the wait that it interrupts. */
static int handlers_pipe;

static void write_to_pipe(int sig)
{
	(void)sig;
	if (write(handlers_pipe, "x", 1) != 1)
		abort();
}

static void handler_makes_ready(struct run *run)
{
	struct pair pair = pair_open(run, 0, TO_ME);
	const struct sigaction action = {.sa_handler = write_to_pipe}, none = {0};
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};
	struct pollfd p = {pair.mine, POLLIN, 0};

	handlers_pipe = pair.theirs;
	check(run, run->calls->sigaction(SIGUSR1, &action, NULL) == 0);
	peer_start(run, &peer);
	result(run, "poll", enter(run)->poll(&p, 1, -1));
	peer_join(&peer);
	result(run, "poll", enter(run)->poll(&p, 1, -1));
	check(run, run->calls->sigaction(SIGUSR1, &none, NULL) == 0);
}

#define AS_MAIN(text, body, kind) {text, body, kind, PLAIN | ROOT}

int main(void)
{
	static const struct scenario scenarios[] = {
		AS_MAIN("restarted twice (tcp)", restarted_twice, TCP),
		AS_MAIN("restarted twice (pipe)", restarted_twice, PIPE),
		AS_MAIN("ignored signals", ignored_signals, TCP),
		AS_MAIN("blocked signal", blocked_signal, TCP),
		AS_MAIN("restarted, then interrupted", restarted_then_interrupted, TCP),
		AS_MAIN("signal before the call", signal_before_the_call, TCP),
		AS_MAIN("foreign handler", foreign_handler, TCP),
		AS_MAIN("stopped and continued (tcp)", stopped_and_continued, TCP),
		AS_MAIN("stopped and continued (pipe)", stopped_and_continued, PIPE),
		AS_MAIN("let in by another", let_in_by_another, TCP),
		AS_MAIN("handler makes ready", handler_makes_ready, PIPE),
		AS_MAIN("alarm clock", alarm_clock, TCP),
		AS_MAIN("joins are not", joins_are_not, 0),
		AS_MAIN("other fibers are not", other_fibers_are_not, TCP),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("interruption");
}
