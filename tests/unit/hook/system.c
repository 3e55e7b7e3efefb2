/* system.c - system(3) through libc and through its mirror. */
#include "harness/command.h"
#include "harness/doomed.h"
#include "harness/interrupt.h"
#include "harness/mate.h"
#include "harness/scenario.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void run_command(struct run *run, const char *line)
{
	result(run, "system", enter(run)->system(line));
}

static void statuses(struct run *run)
{
	run_command(run, "exit 7");
	run_command(run, "true");
	run_command(run, "kill -9 $$");
	run_command(run, "");
	run_command(run, NULL);
	run_command(run, "/nonexistent/program 2>/dev/null");
	errno = EDOM;
	check(run, run->calls->system("exit 1") == 1 << 8 && errno == EDOM);
}

/* The shell complains. */
static void a_line_like_an_option(struct run *run)
{
	int error = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);

	dup2(null, STDERR_FILENO);
	run_command(run, "-c foo");
	dup2(error, STDERR_FILENO);
	close(error);
	close(null);
}

static void waits(struct run *run)
{
	struct command command;
	struct peer peer = {.act = peer_lets_go, .arg = &command};

	command_open(run, &command, "exit 3");
	peer_start(run, &peer);
	run_command(run, command.line);
	peer_join(&peer);
	command_close(&command);
}

static void not_interrupted(struct run *run)
{
	struct command command;
	struct peer peer = {
		.act = peer_signals_then_lets_go, .size = SIGUSR1, .arg = &command};

	command_open(run, &command, "exit 3");
	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	run_command(run, command.line);
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	command_close(&command);
}

/* The caller ignores them, the command does not. */
static void keys_of_the_terminal(struct run *run)
{
	run_command(run, "kill -INT $PPID; kill -QUIT $PPID; exit 3");
	run_command(run, "kill -INT $$; exit 3");
	run_command(run, "ulimit -c 0; kill -QUIT $$; exit 3");
	catch_signal(run, SIGINT, 0);
	run_command(run, "kill -INT $PPID; exit 3");
	note(run, "caught %d", caught(SIGINT));
	run_command(run, "kill -INT $$; exit 3");
	check(run, raise(SIGINT) == 0);
	note_caught(run, SIGINT);
	check(run, run->calls->signal(SIGINT, SIG_IGN) != SIG_ERR);
	run_command(run, "kill -INT $$; exit 3");
	check(run, run->calls->signal(SIGINT, SIG_DFL) == SIG_IGN);
}

static void masks(struct run *run)
{
	static const char line[] =
		"grep -q '^SigBlk:.*0000000000000000' /proc/self/status";
	sigset_t set;

	run_command(run, line);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	run_command(run, line);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	pthread_sigmask(SIG_SETMASK, NULL, &set);
	note(run, "SIGCHLD is blocked: %d", sigismember(&set, SIGCHLD));
}

/* With only one thread it waits for the end of the call. */
static void its_end_is_a_signal(struct run *run)
{
	struct command command;
	struct peer peer = {.act = peer_lets_go, .arg = &command};

	command_open(run, &command, "exit 3");
	catch_signal(run, SIGCHLD, 0);
	peer_start(run, &peer);
	run_command(run, command.line);
	peer_join(&peer);
	note_caught(run, SIGCHLD);
	command_close(&command);
}

static void children_are_ignored(struct run *run)
{
	check(run, run->calls->signal(SIGCHLD, SIG_IGN) != SIG_ERR);
	run_command(run, "exit 3");
	check(run, run->calls->signal(SIGCHLD, SIG_DFL) != SIG_ERR);
}

static void mate_runs(struct mate *mate)
{
	const struct command *command = mate->arg;

	mate->outcome = mate_leave(mate, mate_enter(mate)->system(command->line));
}

/* The signals are ignored until the last of them ends. */
static void two_at_once(struct run *run)
{
	struct command first, second;
	struct mate one = {.act = mate_runs, .arg = &first, .sort = OWN};
	struct mate other = {.act = mate_runs, .arg = &second, .sort = OWN};
	struct peer letting_go = {.run = run, .arg = &second};

	command_open(run, &first, "exit 3");
	command_open(run, &second, "exit 4");
	mate_start(run, &other);
	check(run, mate_blocked(&other));
	mate_start(run, &one);
	check(run, mate_blocked(&one));
	peer_lets_go(&letting_go);
	mate_join(&other);
	check(run, raise(SIGINT) == 0);
	letting_go.arg = &first;
	peer_lets_go(&letting_go);
	mate_join(&one);
	note(run, "%#lx %#lx", (unsigned long)one.outcome, (unsigned long)other.outcome);
	check(run, run->calls->signal(SIGINT, SIG_DFL) == SIG_DFL);
	command_close(&first);
	command_close(&second);
}

static void doomed_runs(struct doomed *doomed)
{
	const struct command *command = doomed->arg;

	doomed_enter(doomed)->system(command->line);
}

/* The command is killed, and nobody is left who could read from the pipe. */
static void cancelled(struct run *run)
{
	struct command command;
	struct doomed doomed = {.act = doomed_runs, .arg = &command, .sort = OWN};
	struct pollfd p;

	command_open(run, &command, "exit 3");
	doomed_meets_end(run, &doomed);
	close(command.fds[0]);
	p = (struct pollfd){command.fds[1], POLLOUT, 0};
	check(run, poll(&p, 1, 0) == 1 && p.revents & POLLERR);
	close(command.fds[1]);
	check(run, run->calls->signal(SIGINT, SIG_DFL) == SIG_DFL);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"statuses", statuses},
		{"a line like an option", a_line_like_an_option},
		{"waits", waits},
		{"not interrupted", not_interrupted, 0, PLAIN | ROOT},
		{"keys of the terminal", keys_of_the_terminal},
		{"masks", masks},
		{"its end is a signal", its_end_is_a_signal, 0, PLAIN | ROOT},
		{"children are ignored", children_are_ignored},
		{"two at once", two_at_once},
		{"cancelled", cancelled},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("system");
}
