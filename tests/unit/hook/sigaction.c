/* sigaction.c - sigaction(2) through libc and through its mirror: what is installed is
 * what is told, and a handler is called as the kernel would. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

static struct {
	struct run *run;
	int depth, deepest, calls;
	siginfo_t info;
	sigset_t mask;
	void *context;
} seen;

static void handle(int sig)
{
	seen.calls++;
	seen.depth++;
	if (seen.depth > seen.deepest)
		seen.deepest = seen.depth;
	if (seen.calls == 1 && sig == SIGUSR2)
		raise(sig);
	seen.depth--;
}

static void handle_info(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	seen.calls++;
	seen.info = *info;
	seen.context = context;
	pthread_sigmask(SIG_BLOCK, NULL, &seen.mask);
}

static ssize_t install(struct run *run, int sig, const struct sigaction *new,
	struct sigaction *old)
{
	return result(run, "sigaction", enter(run)->sigaction(sig, new, old));
}

static const char *handler_name(const struct sigaction *action)
{
	if (action->sa_flags & SA_SIGINFO)
		return action->sa_sigaction == handle_info ? "handle_info" : "another";
	if (action->sa_handler == SIG_DFL)
		return "default";
	if (action->sa_handler == SIG_IGN)
		return "ignore";
	return action->sa_handler == handle ? "handle" : "another";
}

/* What libc asks of the kernel for itself; it shows on some machines. */
enum { OF_LIBC = 0x04000000 };

static void note_action(struct run *run, const struct sigaction *action)
{
	note(run, "%s, flags %#x, masks USR2 %d, HUP %d", handler_name(action),
		(unsigned)(action->sa_flags & ~OF_LIBC), sigismember(&action->sa_mask, SIGUSR2),
		sigismember(&action->sa_mask, SIGHUP));
}

static void reset(struct run *run, int sig)
{
	const struct sigaction action = {.sa_handler = SIG_DFL};

	check(run, run->calls->sigaction(sig, &action, NULL) == 0);
	memset(&seen, 0, sizeof(seen));
}

static void what_was_set_is_told(struct run *run)
{
	struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART}, old;

	sigaddset(&action.sa_mask, SIGUSR2);
	install(run, SIGUSR1, NULL, &old);
	note_action(run, &old);
	install(run, SIGUSR1, &action, &old);
	note_action(run, &old);
	install(run, SIGUSR1, NULL, &old);
	note_action(run, &old);
	action.sa_sigaction = handle_info;
	action.sa_flags = SA_SIGINFO | SA_NODEFER;
	install(run, SIGUSR1, &action, &old);
	note_action(run, &old);
	action.sa_handler = SIG_IGN;
	action.sa_flags = 0;
	install(run, SIGUSR1, &action, &old);
	note_action(run, &old);
	install(run, SIGUSR1, NULL, &old);
	note_action(run, &old);
	reset(run, SIGUSR1);
}

/* Foreign code that asks libc must find a handler it can put back. */
static void foreign_code_saves_and_restores(struct run *run)
{
	const struct sigaction action = {.sa_handler = handle};
	struct sigaction foreign = {.sa_handler = SIG_IGN}, saved;

	install(run, SIGUSR1, &action, NULL);
	check(run, sigaction(SIGUSR1, &foreign, &saved) == 0);
	raise(SIGUSR1);
	note(run, "calls %d", seen.calls);
	check(run, sigaction(SIGUSR1, &saved, NULL) == 0);
	raise(SIGUSR1);
	note(run, "calls %d", seen.calls);
	install(run, SIGUSR1, NULL, &saved);
	note_action(run, &saved);
	reset(run, SIGUSR1);
}

static void information_arrives(struct run *run)
{
	struct sigaction action = {.sa_sigaction = handle_info, .sa_flags = SA_SIGINFO};
	const union sigval value = {.sival_int = 4711};

	sigaddset(&action.sa_mask, SIGHUP);
	install(run, SIGUSR1, &action, NULL);
	check(run, sigqueue(getpid(), SIGUSR1, value) == 0);
	note(run, "calls %d, signal %d, code %d, value %d", seen.calls, seen.info.si_signo,
		seen.info.si_code, seen.info.si_value.sival_int);
	note(run, "masked: USR1 %d, USR2 %d, HUP %d", sigismember(&seen.mask, SIGUSR1),
		sigismember(&seen.mask, SIGUSR2), sigismember(&seen.mask, SIGHUP));
	check(run, seen.info.si_pid == getpid() && seen.context != NULL);
	reset(run, SIGUSR1);
}

static void only_once(struct run *run)
{
	const struct sigaction action = {
		.sa_handler = handle, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};
	struct sigaction now;

	install(run, SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	note(run, "calls %d", seen.calls);
	install(run, SIGUSR1, NULL, &now);
	note(run, "handler: %s", handler_name(&now));
	reset(run, SIGUSR1);
}

static void nested_or_not(struct run *run)
{
	struct sigaction action = {.sa_handler = handle};

	install(run, SIGUSR2, &action, NULL);
	raise(SIGUSR2);
	note(run, "calls %d, deepest %d", seen.calls, seen.deepest);
	memset(&seen, 0, sizeof(seen));
	action.sa_flags = SA_NODEFER;
	install(run, SIGUSR2, &action, NULL);
	raise(SIGUSR2);
	note(run, "calls %d, deepest %d", seen.calls, seen.deepest);
	reset(run, SIGUSR2);
}

static int alternate_used;

static void handle_on_stack(int sig)
{
	stack_t stack;

	(void)sig;
	sigaltstack(NULL, &stack);
	alternate_used = stack.ss_flags & SS_ONSTACK;
}

static void alternate_stack(struct run *run)
{
	static char memory[65536];
	const stack_t stack = {.ss_sp = memory, .ss_size = sizeof(memory)};
	const struct sigaction action = {.sa_handler = handle_on_stack, .sa_flags = SA_ONSTACK};
	stack_t before;

	check(run, sigaltstack(&stack, &before) == 0);
	install(run, SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	note(run, "on the alternate stack: %d", alternate_used);
	check(run, sigaltstack(&before, NULL) == 0);
	reset(run, SIGUSR1);
}

static void write_in_handler(int sig)
{
	struct run *run = seen.run;
	char byte;
	int *fds = seen.context;

	(void)sig;
	seen.calls += run->calls->write(fds[1], "x", 1) == 1;
	seen.calls += run->calls->read(fds[0], &byte, 1) == 1;
	run->calls->nanosleep(&(struct timespec){0, 1000}, NULL);
}

/* In a handler a mirror is the plain call. */
static void calls_in_a_handler(struct run *run)
{
	const struct sigaction action = {.sa_handler = write_in_handler};
	struct pair pair = pair_open(run, PIPE, TO_ME);
	int fds[2] = {pair.mine, pair.theirs};

	seen.run = run;
	seen.context = fds;
	install(run, SIGUSR1, &action, NULL);
	raise(SIGUSR1);
	note(run, "calls %d", seen.calls);
	reset(run, SIGUSR1);
}

/* It comes while the subject waits, and waits itself: the plain call blocks for the byte
 * that another thread sends. */
static void read_in_handler(int sig)
{
	char byte;

	(void)sig;
	seen.calls += seen.run->calls->read(*(int *)seen.context, &byte, 1) == 1;
	atomic_store(&seen.run->spot.left, false);
}

static void peer_signals_then_serves(struct peer *peer)
{
	tgkill(getpid(), peer->run->home, SIGUSR1);
	if (write(peer->fd, "x", 1) != 1)
		trace_failure(peer->run->trace, "peer: write failed");
}

static void waits_in_a_handler(struct run *run)
{
	const struct sigaction action = {.sa_handler = read_in_handler};
	struct pair pair = pair_open(run, PIPE, TO_ME), idle = pair_open(run, PIPE, TO_ME);
	struct peer peer = {.act = peer_signals_then_serves, .fd = pair.theirs};
	char byte;

	seen.run = run;
	seen.context = &pair.mine;
	install(run, SIGUSR1, &action, NULL);
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(idle.mine, &byte, 1));
	peer_join(&peer);
	note(run, "calls %d", seen.calls);
	reset(run, SIGUSR1);
}

static void errors(struct run *run)
{
	const struct sigaction action = {.sa_handler = handle};
	struct sigaction old;

	install(run, SIGKILL, &action, NULL);
	install(run, SIGSTOP, &action, NULL);
	install(run, 0, &action, NULL);
	install(run, -1, &action, NULL);
	install(run, NSIG, &action, NULL);
	install(run, SIGKILL, NULL, &old);
	note_action(run, &old);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"what was set is told", what_was_set_is_told},
		{"foreign code saves and restores", foreign_code_saves_and_restores},
		{"information arrives", information_arrives},
		{"only once", only_once},
		{"nested or not", nested_or_not},
		{"alternate stack", alternate_stack},
		{"calls in a handler", calls_in_a_handler},
		{"waits in a handler", waits_in_a_handler, 0, PLAIN | ROOT},
		{"errors", errors},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("sigaction");
}
