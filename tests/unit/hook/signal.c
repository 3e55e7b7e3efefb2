/* signal.c - signal(2) through libc and through its mirror: sigaction's simple sister. */
#include "harness/interrupt.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t calls;

static void handle(int sig)
{
	(void)sig;
	calls++;
}

static const char *handler_name(sighandler_t handler)
{
	if (handler == SIG_DFL)
		return "default";
	if (handler == SIG_IGN)
		return "ignore";
	if (handler == SIG_ERR)
		return error_name(errno);
	return handler == handle ? "handle" : "another";
}

static void install(struct run *run, int sig, sighandler_t handler)
{
	note(run, "was: %s", handler_name(run->calls->signal(sig, handler)));
}

static void what_was_set_is_told(struct run *run)
{
	struct sigaction now;

	install(run, SIGUSR1, handle);
	install(run, SIGUSR1, SIG_IGN);
	install(run, SIGUSR1, handle);
	check(run, run->calls->sigaction(SIGUSR1, NULL, &now) == 0);
	note(run, "%s, flags %#x", handler_name(now.sa_handler), (unsigned)now.sa_flags);
	install(run, SIGUSR1, SIG_DFL);
	install(run, SIGUSR1, SIG_DFL);
}

static void handler_stays(struct run *run)
{
	calls = 0;
	install(run, SIGUSR1, handle);
	raise(SIGUSR1);
	raise(SIGUSR1);
	note(run, "calls %d", (int)calls);
	install(run, SIGUSR1, SIG_DFL);
}

static void ignored(struct run *run)
{
	install(run, SIGUSR1, SIG_IGN);
	raise(SIGUSR1);
	install(run, SIGUSR1, SIG_DFL);
}

static void peer_signals_then_writes(struct peer *peer)
{
	tgkill(getpid(), peer->run->home, SIGUSR1);
	while (!calls)
		sched_yield();
	peer_await(peer);
	peer_writes(peer);
}

/* glibc's signal() asks for SA_RESTART. */
static void calls_are_restarted(struct run *run)
{
	struct pair pair = pair_open(run, TCP, TO_ME);
	struct peer peer = {.act = peer_signals_then_writes, .fd = pair.theirs,
		.data = "hello", .size = 5};
	char buf[16];

	calls = 0;
	install(run, SIGUSR1, handle);
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(pair.mine, buf, sizeof(buf)));
	peer_join(&peer);
	install(run, SIGUSR1, SIG_DFL);
}

static void errors(struct run *run)
{
	install(run, SIGKILL, handle);
	install(run, 0, handle);
	install(run, -1, handle);
	install(run, NSIG, handle);
	install(run, SIGUSR1, SIG_ERR);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"what was set is told", what_was_set_is_told},
		{"handler stays", handler_stays},
		{"ignored", ignored},
		{"calls are restarted", calls_are_restarted, 0, PLAIN | ROOT},
		{"errors", errors},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("signal");
}
