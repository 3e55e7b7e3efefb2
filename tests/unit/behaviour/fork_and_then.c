/* fork_and_then.c - the many ways in which the child of a fork goes on, and ends. */
#include "harness/command.h"
#include "harness/mate.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_S = 8 };

static void note_status(struct run *run, int status)
{
	if (WIFSIGNALED(status))
		note(run, "died of signal %d", WTERMSIG(status));
	else
		note(run, "status %d", WEXITSTATUS(status));
}

static void await_child(struct run *run, pid_t child)
{
	int status = -1;

	check(run, run->calls->waitpid(child, &status, 0) == child);
	note_status(run, status);
}

/* --- how it ends: the child of a thread of the calls under test ------------------------------------ */

static int exit_news[2];

static void at_exit(void)
{
	if (write(exit_news[1], "e", 1) != 1)
		_exit(99);
}

struct ending {
	struct run *run;
	void (*end)(struct run *run); /* may return, and then the thread does */
	pid_t child;
};

static void ends_by_pthread_exit(struct run *run)
{
	run->calls->usleep(100);
	run->calls->pthread_exit(NULL);
}

static void ends_by_return(struct run *run)
{
	(void)run;
}

static void ends_by_exit(struct run *run)
{
	(void)run;
	exit(6);
}

static void ends_by_exec(struct run *run)
{
	run->calls->usleep(100);
	execl("/bin/sh", "sh", "-c", "exit 5", (char *)NULL);
	_exit(99);
}

static void ends_by_signal(struct run *run)
{
	run->calls->usleep(100);
	raise(SIGKILL);
}

static void *fork_and_end(void *arg)
{
	struct ending *ending = arg;

	ending->child = fork();
	if (ending->child == 0) {
		alarm(PATIENCE_S);
		atexit(at_exit);
		ending->end(ending->run);
	}
	return NULL;
}

static void child_ends(struct run *run, void (*end)(struct run *run))
{
	struct ending ending = {run, end, -1};
	pthread_t thread;
	char news[4];

	check(run, pipe(exit_news) == 0);
	check(run, run->calls->pthread_create(&thread, NULL, fork_and_end, &ending) == 0);
	check(run, run->calls->pthread_join(thread, NULL) == 0);
	await_child(run, ending.child);
	close(exit_news[1]);
	note(run, "handlers of exit: %zd", read(exit_news[0], news, sizeof(news)));
	close(exit_news[0]);
}

#define ENDING(how)                              \
	static void child_##how(struct run *run) \
	{                                        \
		child_ends(run, how);            \
	}
ENDING(ends_by_pthread_exit)
ENDING(ends_by_return)
ENDING(ends_by_exit)
ENDING(ends_by_exec)
ENDING(ends_by_signal)

/* --- how it goes on -------------------------------------------------------------------------------- */

static int forks_and_waits(const struct calls *calls, int depth)
{
	pid_t child = fork();
	int status = -1;

	if (child == 0) {
		alarm(PATIENCE_S);
		_exit(depth > 0 ? forks_and_waits(calls, depth - 1) : 1);
	}
	calls->usleep(100);
	if (calls->waitpid(depth % 2 ? -1 : child, &status, 0) != child)
		return 77;
	return WEXITSTATUS(status) + 1;
}

static void forks_again(struct run *run)
{
	note(run, "%d generations", forks_and_waits(run->calls, 3));
}

static void mate_forks_again(struct mate *mate)
{
	mate->outcome = forks_and_waits(mate->calls, 3);
}

static void forks_again_in_a_thread(struct run *run)
{
	struct mate mate = {.act = mate_forks_again, .sort = OWN};

	mate_start(run, &mate);
	mate_join(&mate);
	note(run, "%ld generations", mate.outcome);
}

static void mate_waits(struct mate *mate)
{
	mate->outcome = mate_leave(mate, mate_enter(mate)->waitpid(-1, NULL, 0));
}

/* The helpers that wait for children stay with the parent, and so do the children. */
static void others_wait_for_children(struct run *run)
{
	struct mate mate = {.act = mate_waits, .sort = OWN};
	struct command command;
	pid_t first, second;

	command_open(run, &command, "exit 3");
	check(run, posix_spawn(&first, "/bin/sh", NULL, NULL,
			   (char *[]){(char *)"sh", (char *)"-c", command.line, NULL},
			   environ) == 0);
	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	second = fork();
	if (second == 0) {
		alarm(PATIENCE_S);
		if (run->calls->waitpid(-1, NULL, 0) != -1 || errno != ECHILD)
			_exit(88);
		_exit(forks_and_waits(run->calls, 1));
	}
	mate_join(&mate);
	check(run, mate.outcome == second);
	check(run, write(command.fds[1], "x\n", 2) == 2);
	await_child(run, first);
	command_close(&command);
}

static int runs_commands(const struct calls *calls)
{
	FILE *stream;
	int wrong = 0;

	wrong += calls->system("exit 3") != 3 << 8;
	stream = calls->popen("exit 4", "r");
	wrong += !stream || calls->pclose(stream) != 4 << 8;
	return wrong;
}

static void runs_commands_there(struct run *run)
{
	pid_t child;

	check(run, runs_commands(run->calls) == 0);
	child = fork();
	if (child == 0) {
		alarm(PATIENCE_S);
		_exit(runs_commands(run->calls));
	}
	await_child(run, child);
}

/* A set of the parent's, and one of its own. */
static int waits_for_events(const struct calls *calls, int inherited, int fd)
{
	struct epoll_event event = {.events = EPOLLIN};
	int own = calls->epoll_create1(0), wrong = 0;

	wrong += epoll_ctl(own, EPOLL_CTL_ADD, fd, &event) != 0;
	wrong += calls->epoll_wait(own, &event, 1, 3) != 0;
	wrong += calls->epoll_wait(inherited, &event, 1, 3) != 0;
	wrong += calls->close(own) != 0;
	return wrong;
}

static void sets_of_events(struct run *run)
{
	struct epoll_event event = {.events = EPOLLIN};
	int set = run->calls->epoll_create1(0), fds[2];
	struct peer peer = {.act = peer_writes, .data = "x", .size = 1};
	pid_t child;

	check(run, run->calls->pipe(fds) == 0);
	check(run, epoll_ctl(set, EPOLL_CTL_ADD, fds[0], &event) == 0);
	check(run, run->calls->epoll_wait(set, &event, 1, 3) == 0);
	child = fork();
	if (child == 0) {
		alarm(PATIENCE_S);
		_exit(waits_for_events(run->calls, set, fds[0]));
	}
	await_child(run, child);
	peer.fd = fds[1];
	peer_start(run, &peer);
	result(run, "epoll_wait", enter(run)->epoll_wait(set, &event, 1, -1));
	peer_join(&peer);
	run->calls->close(set);
	run->calls->close(fds[0]);
	run->calls->close(fds[1]);
}

static int waits_for_a_signal(const struct calls *calls)
{
	sigset_t set;
	pid_t child;
	int signo = 0;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	child = fork();
	if (child == 0)
		_exit(0);
	return calls->sigwait(&set, &signo) != 0 || signo != SIGCHLD ||
	       calls->waitpid(child, NULL, 0) != child;
}

static void signals(struct run *run)
{
	pid_t child = fork();

	if (child == 0) {
		alarm(PATIENCE_S);
		_exit(waits_for_a_signal(run->calls));
	}
	await_child(run, child);
}

/* --- the program's own handlers -------------------------------------------------------------------- */

static struct run *forking_run;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char steps[16];
static int nsteps;

static void step(char c)
{
	if (nsteps < (int)sizeof(steps))
		steps[nsteps++] = c;
}

static void prepare(void)
{
	step('p');
	forking_run->calls->pthread_mutex_lock(&mutex);
}

static void in_parent(void)
{
	step('P');
	forking_run->calls->pthread_mutex_unlock(&mutex);
}

static void in_child(void)
{
	step('C');
	forking_run->calls->pthread_mutex_unlock(&mutex);
}

static void mate_locks(struct mate *mate)
{
	forking_run->calls->pthread_mutex_lock(&mutex);
	forking_run->calls->usleep(1000);
	forking_run->calls->pthread_mutex_unlock(&mutex);
	mate->outcome = 1;
}

/* They may wait: here for a lock that another thread holds. */
static void handlers_of_fork(struct run *run)
{
	struct mate mate = {.act = mate_locks, .sort = OWN};
	pid_t child;

	if (!forking_run) /* a scenario may be played again */
		check(run, pthread_atfork(prepare, in_parent, in_child) == 0);
	forking_run = run;
	nsteps = 0;
	mate_start(run, &mate);
	run->calls->sched_yield();
	child = fork();
	if (child == 0) {
		alarm(PATIENCE_S);
		run->calls->pthread_mutex_lock(&mutex);
		run->calls->usleep(100);
		_exit(nsteps == 2 && !memcmp(steps, "pC", 2) ? 0 : 1);
	}
	await_child(run, child);
	mate_join(&mate);
	note_bytes(run, "steps", steps, nsteps);
}

/* --- other ways to have a child -------------------------------------------------------------------- */

static void without_fork(struct run *run)
{
	char *const arguments[] = {(char *)"sh", (char *)"-c", (char *)"exit 5", NULL};
	pid_t child = vfork();

	if (child == 0)
		_exit(3);
	await_child(run, child);
	child = vfork();
	if (child == 0) {
		execv("/bin/sh", arguments);
		_exit(99);
	}
	await_child(run, child);
	check(run, posix_spawn(&child, "/bin/sh", NULL, NULL, arguments, environ) == 0);
	await_child(run, child);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"child ends by pthread_exit", child_ends_by_pthread_exit},
		{"child ends by return", child_ends_by_return},
		{"child ends by exit", child_ends_by_exit},
		{"child ends by exec", child_ends_by_exec},
		{"child ends by signal", child_ends_by_signal},
		{"forks again", forks_again},
		{"forks again in a thread", forks_again_in_a_thread},
		{"others wait for children", others_wait_for_children},
		{"runs commands there", runs_commands_there},
		{"sets of events", sets_of_events},
		{"signals", signals},
		{"handlers of fork", handlers_of_fork},
		{"without fork", without_fork},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("fork_and_then");
}
