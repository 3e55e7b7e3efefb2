/* reaping.c - children that end, stop and go on, and who hears of it. */
#include "harness/reaping.h"
#include "harness/doomed.h"
#include "harness/interrupt.h"
#include "harness/kid.h"
#include "harness/mate.h"
#include "harness/scenario.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { UNTOUCHED = 0x5555 };

static pid_t wait_by(struct run *run, pid_t pid, int *status, int options)
{
	const struct reaping *verb = run->verb;
	pid_t got = verb->wait(enter(run), pid, status, options, NULL);
	int error = errno;

	if (got < 0)
		result(run, verb->name, -1);
	else
		result(run, verb->name, got > 0);
	errno = error;
	return got;
}

static void wait_for_kid(struct run *run, const struct kid *kid, pid_t pid, int options)
{
	int status = UNTOUCHED;
	pid_t got = wait_by(run, pid, &status, options);

	note_kid(run, kid, got, status);
}

/* PID as wait4(2) has it: KIND says how the kid is named. */
static pid_t named(struct run *run, const struct kid *kid)
{
	switch (run->kind) {
	case 'p':
		return kid->pid;
	case 'g':
		check(run, setpgid(kid->pid, kid->pid) == 0);
		return -kid->pid;
	case '0':
		return 0;
	default:
		return -1;
	}
}

static void meets_end(struct run *run, const char *order)
{
	struct kid kid = kid_new(run);
	struct peer peer = {.act = peer_orders, .arg = &kid, .data = order};
	pid_t pid = named(run, &kid);

	errno = EDOM;
	peer_start(run, &peer);
	wait_for_kid(run, &kid, pid, 0);
	peer_join(&peer);
	wait_for_kid(run, &kid, pid, 0);
	took_no_wait(run);
	kid_forget(&kid);
}

static void ends_while_waiting(struct run *run)
{
	meets_end(run, "x");
}

static void killed_while_waiting(struct run *run)
{
	meets_end(run, "k");
}

static void ended_before(struct run *run)
{
	struct kid kid = kid_new(run);
	pid_t pid = named(run, &kid);

	kid_tell(run, &kid, 'x');
	wait_for_kid(run, &kid, pid, 0);
	took_no_wait(run);
	kid_forget(&kid);
}

static void no_children(struct run *run)
{
	wait_by(run, -1, NULL, 0);
	took_no_wait(run);
}

static void not_a_child(struct run *run)
{
	wait_by(run, getppid(), NULL, 0);
	wait_by(run, -getppid(), NULL, 0);
	wait_by(run, INT_MAX, NULL, 0);
	wait_by(run, INT_MIN, NULL, 0);
	took_no_wait(run);
}

static void no_status_wanted(struct run *run)
{
	struct kid kid = kid_new(run);
	struct peer peer = {.act = peer_orders, .arg = &kid, .data = "x"};

	peer_start(run, &peer);
	wait_by(run, -1, NULL, 0);
	peer_join(&peer);
	kid_forget(&kid);
}

/* The child is gone all the same. */
static void bad_status(struct run *run)
{
	struct kid kid = kid_new(run);
	struct peer peer = {.act = peer_orders, .arg = &kid, .data = "x"};

	peer_start(run, &peer);
	wait_by(run, kid.pid, nowhere(), 0);
	peer_join(&peer);
	wait_by(run, kid.pid, nowhere(), 0);
	kid_forget(&kid);
}

static void bad_options(struct run *run)
{
	struct kid kid = kid_new(run);

	wait_by(run, -1, NULL, 1 << 10);
	wait_by(run, kid.pid, NULL, 1 << 20);
	took_no_wait(run);
	kid_end(run, &kid);
}

static void without_waiting(struct run *run)
{
	struct kid kid = kid_new(run);

	wait_for_kid(run, &kid, -1, WNOHANG);
	wait_for_kid(run, &kid, kid.pid, WNOHANG);
	took_no_wait(run);
	kid_tell(run, &kid, 'x');
	wait_for_kid(run, &kid, kid.pid, WNOHANG);
	wait_for_kid(run, &kid, kid.pid, WNOHANG);
	kid_forget(&kid);
}

/* --- stopped, continued, traced -------------------------------------------------------------------- */

static void peer_continues(struct peer *peer)
{
	kill(((const struct kid *)peer->arg)->pid, SIGCONT);
}

static void stops_and_goes_on(struct run *run)
{
	struct kid kid = kid_new(run);
	struct peer stop = {.act = peer_orders, .arg = &kid, .data = "s"};
	struct peer go = {.act = peer_continues, .arg = &kid};
	struct peer end = {.act = peer_orders, .arg = &kid, .data = "x"};
	pid_t pid = named(run, &kid);

	peer_start(run, &stop);
	wait_for_kid(run, &kid, pid, WUNTRACED);
	peer_join(&stop);
	peer_start(run, &go);
	wait_for_kid(run, &kid, pid, WUNTRACED | WCONTINUED);
	peer_join(&go);
	peer_start(run, &end);
	wait_for_kid(run, &kid, pid, WUNTRACED | WCONTINUED);
	peer_join(&end);
	kid_forget(&kid);
}

/* A stop about which nobody asked does not end the wait. */
static void peer_stops_and_ends(struct peer *peer)
{
	struct kid *kid = peer->arg;

	kid_tell(peer->run, kid, 's');
	kill(kid->pid, SIGCONT);
	peer_await(peer);
	check(peer->run, write(kid->orders, "x", 1) == 1);
}

static void stops_unasked(struct run *run)
{
	struct kid kid = kid_new(run);
	struct peer peer = {.act = peer_stops_and_ends, .arg = &kid};
	pid_t pid = named(run, &kid);

	peer_start(run, &peer);
	wait_for_kid(run, &kid, pid, 0);
	peer_join(&peer);
	kid_forget(&kid);
}

/* ... but that of a traced one does. */
static void traced(struct run *run)
{
	struct kid kid = kid_new(run);
	struct peer peer = {.act = peer_orders, .arg = &kid, .data = "t"};
	pid_t pid = named(run, &kid);

	peer_start(run, &peer);
	wait_for_kid(run, &kid, pid, 0);
	peer_join(&peer);
	check(run, ptrace(PTRACE_CONT, kid.pid, NULL, SIGKILL) == 0);
	wait_for_kid(run, &kid, pid, 0);
	kid_forget(&kid);
}

/* --- several children, several who wait ------------------------------------------------------------ */

static void one_of_two(struct run *run)
{
	struct kid first = kid_new(run), second = kid_new(run);
	struct peer peer = {.act = peer_orders, .arg = &second, .data = "x"};

	kid_tell(run, &first, 'k');
	peer_start(run, &peer);
	wait_for_kid(run, &second, second.pid, 0);
	peer_join(&peer);
	wait_for_kid(run, &first, -1, 0);
	kid_forget(&first);
	kid_forget(&second);
}

static void mate_waits(struct mate *mate)
{
	const struct reaping *verb = mate->run->verb;
	int status = UNTOUCHED;
	pid_t got = verb->wait(mate_enter(mate), -1, &status, 0, NULL);

	mate->outcome = mate_leave(mate, got > 0 ? status : -1);
}

static void order(struct run *run, struct kid *kid, const char *what)
{
	check(run, write(kid->orders, what, 1) == 1);
	kid_forget(kid);
}

/* Each child goes to one of them; the other waits on. */
static void two_wait(struct run *run)
{
	struct mate mates[2] = {
		{.act = mate_waits, .sort = run->kind}, {.act = mate_waits, .sort = OWN}};
	struct kid first = kid_new(run), second = kid_new(run);
	struct mate *other;

	mate_start(run, &mates[0]);
	mate_start(run, &mates[1]);
	check(run, mate_blocked(&mates[0]) && mate_blocked(&mates[1]));
	order(run, &first, "x");
	while (!atomic_load(&mates[0].done) && !atomic_load(&mates[1].done))
		run->calls->usleep(50);
	other = &mates[atomic_load(&mates[0].done) ? 1 : 0];
	check(run, mate_blocked(other));
	order(run, &second, "k");
	mate_join(&mates[0]);
	mate_join(&mates[1]);
	note(run, "the first %#lx", (unsigned long)mates[other == mates].outcome);
	note(run, "the other %#lx", (unsigned long)other->outcome);
}

static void peer_reaps(struct peer *peer)
{
	struct kid *kid = peer->arg;

	kill(kid->pid, SIGKILL);
	if (waitpid(kid->pid, NULL, 0) == kid->pid)
		return;
	if (errno != ECHILD) /* the subject was faster */
		trace_failure(peer->run->trace, "peer: %s", error_name(errno));
}

/* Nobody is left: it may have seen the child itself, or no more than that it is gone. */
static void reaped_by_another(struct run *run)
{
	const struct reaping *verb = run->verb;
	struct kid kid = kid_new(run);
	struct peer peer = {.act = peer_reaps, .arg = &kid};
	pid_t pid = named(run, &kid), got;
	int status;

	peer_start(run, &peer);
	got = verb->wait(enter(run), pid, &status, 0, NULL);
	check(run, got == kid.pid || (got < 0 && errno == ECHILD));
	peer_join(&peer);
	wait_by(run, pid, NULL, 0);
	kid_forget(&kid);
}

static void children_are_ignored(struct run *run)
{
	struct kid kid = kid_new(run);
	struct peer peer = {.act = peer_orders, .arg = &kid, .data = "x"};
	pid_t pid = named(run, &kid);

	check(run, run->calls->signal(SIGCHLD, SIG_IGN) != SIG_ERR);
	peer_start(run, &peer);
	wait_for_kid(run, &kid, pid, 0);
	peer_join(&peer);
	check(run, run->calls->signal(SIGCHLD, SIG_DFL) != SIG_ERR);
	kid_forget(&kid);
}

/* --- interruption ---------------------------------------------------------------------------------- */

static void interrupted(struct run *run)
{
	struct kid kid = kid_new(run);
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};
	pid_t pid = named(run, &kid);

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	wait_for_kid(run, &kid, pid, 0);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	kid_end(run, &kid);
}

static void peer_signals_then_orders(struct peer *peer)
{
	tgkill(getpid(), peer->run->home, SIGUSR1);
	peer_await(peer);
	peer_orders(peer);
}

static void restarted(struct run *run)
{
	struct kid kid = kid_new(run);
	struct peer peer = {.act = peer_signals_then_orders, .arg = &kid, .data = "x"};
	pid_t pid = named(run, &kid);

	catch_signal(run, SIGUSR1, SA_RESTART);
	peer_start(run, &peer);
	wait_for_kid(run, &kid, pid, 0);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	kid_forget(&kid);
}

/* The signal of the child's end comes with it: the call has the child, the handler runs,
 * too. */
static void its_end_is_a_signal(struct run *run)
{
	struct kid kid = kid_new(run);
	struct peer peer = {.act = peer_orders, .arg = &kid, .data = "x"};
	pid_t pid = named(run, &kid);

	catch_signal(run, SIGCHLD, 0);
	peer_start(run, &peer);
	wait_for_kid(run, &kid, pid, 0);
	peer_join(&peer);
	note_caught(run, SIGCHLD);
	kid_forget(&kid);
}

static void doomed_waits(struct doomed *doomed)
{
	const struct reaping *verb = doomed->run->verb;
	const struct calls *calls = doomed_enter(doomed);

	doomed_step(doomed, verb->wait(calls, -1, NULL, 0, NULL) > 0 ? 'w' : '!');
}

static void cancelled(struct run *run)
{
	struct kid kid = kid_new(run);
	struct doomed doomed = {.act = doomed_waits, .sort = OWN};

	doomed_meets_end(run, &doomed);
	kid_end(run, &kid);
}

/* --- what it used ---------------------------------------------------------------------------------- */

static void usage(struct run *run)
{
	const struct reaping *verb = run->verb;
	struct kid kid = kid_new(run);
	struct peer peer = {.act = peer_orders, .arg = &kid, .data = "x"};
	struct rusage usage;
	pid_t got;

	memset(&usage, 0xff, sizeof(usage));
	peer_start(run, &peer);
	got = verb->wait(enter(run), -1, NULL, 0, &usage);
	result(run, verb->name, got == kid.pid);
	peer_join(&peer);
	check(run,
		usage.ru_maxrss > 0 && usage.ru_utime.tv_sec == 0 && usage.ru_nswap == 0);
	kid_forget(&kid);
	kid = kid_new(run);
	kid_tell(run, &kid, 'x');
	wait_by(run, -1, NULL, WNOHANG);
	kid_forget(&kid);
	kid = kid_new(run);
	kid_tell(run, &kid, 'x');
	got = verb->wait(enter(run), -1, NULL, 0, nowhere());
	result(run, verb->name, got);
	wait_by(run, -1, NULL, 0);
	kid_forget(&kid);
}

void reaping_add(const struct reaping *verb)
{
	static const struct scenario any[] = {
		{"child ends", ends_while_waiting},
		{"child is killed", killed_while_waiting},
		{"child ended before", ended_before},
		{"no children", no_children},
		{"no status wanted", no_status_wanted},
		{"bad status", bad_status},
		{"child stops unasked", stops_unasked},
		{"child is traced", traced},
		{"two wait (own)", two_wait, OWN},
		{"two wait (foreign thread)", two_wait, OS_PLAIN},
		{"reaped by another", reaped_by_another},
		{"children are ignored", children_are_ignored},
		{"interrupted", interrupted, 0, PLAIN | ROOT},
		{"restarted", restarted, 0, PLAIN | ROOT},
		{"its end is a signal", its_end_is_a_signal, 0, PLAIN | ROOT},
		{"cancelled", cancelled},
	};
	static const struct scenario by_pid[] = {
		{"this child ends", ends_while_waiting, 'p'},
		{"child of a group ends", ends_while_waiting, 'g'},
		{"child of this group ends", ends_while_waiting, '0'},
		{"this child is killed", killed_while_waiting, 'p'},
		{"this child ended before", ended_before, 'p'},
		{"this child stops unasked", stops_unasked, 'p'},
		{"this child is traced", traced, 'p'},
		{"not a child", not_a_child},
		{"one of two", one_of_two},
		{"this one reaped by another", reaped_by_another, 'p'},
		{"this child is ignored", children_are_ignored, 'p'},
		{"interrupted (this child)", interrupted, 'p', PLAIN | ROOT},
		{"restarted (this child)", restarted, 'p', PLAIN | ROOT},
		{"its end is a signal (this child)", its_end_is_a_signal, 'p',
			PLAIN | ROOT},
		{"this child stops and goes on", stops_and_goes_on, 'p'},
	};
	static const struct scenario options[] = {
		{"bad options", bad_options},
		{"without waiting", without_waiting},
		{"child stops and goes on", stops_and_goes_on},
	};
	static const struct scenario uses[] = {{"what it used", usage}};

	suite_add(any, COUNT(any), verb);
	if (verb->can & BY_PID)
		suite_add(by_pid, COUNT(by_pid), verb);
	if (verb->can & OPTIONS)
		suite_add(options, COUNT(options), verb);
	if (verb->can & USAGE)
		suite_add(uses, COUNT(uses), verb);
}
