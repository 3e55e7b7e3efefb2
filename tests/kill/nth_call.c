/* nth_call.c - run a command and do something to it at its n-th system call.
 *
 *	nth_call N ACTION REPORT COMMAND...
 *
 * Every system call stops twice, before and after; N counts those stops of the command's own
 * process, not of its children. ACTION is "none", "child" (SIGKILL to the children that it has), or
 * the number of a signal: for the process, with a minus sign for its whole group. It is over with
 * counting when the process becomes another program. REPORT gets "STOPS STATUS", STATUS as of a
 * shell. Exit status: 0, or 2 when that did not work. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void fail(const char *what)
{
	perror(what);
	exit(2);
}

static pid_t start(char **command)
{
	pid_t pid = fork();

	if (pid < 0)
		fail("fork");
	if (pid)
		return pid;
	setpgid(0, 0);
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		fail("ptrace");
	raise(SIGSTOP);
	execvp(*command, command);
	fail(*command);
}

static void kill_children(pid_t pid)
{
	char path[64];
	int child;

	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
	FILE *list = fopen(path, "r");
	if (!list)
		fail(path);
	while (fscanf(list, "%d", &child) == 1)
		kill(child, SIGKILL);
	fclose(list);
}

static void act(pid_t pid, const char *action)
{
	int number = atoi(action);

	if (strcmp(action, "child") == 0)
		kill_children(pid);
	else if (number < 0)
		kill(-pid, -number);
	else if (number > 0)
		kill(pid, number);
}

static int stopped_at_call(int status)
{
	return WIFSTOPPED(status) && WSTOPSIG(status) == (SIGTRAP | 0x80);
}

static int became_other(int status)
{
	return status >> 8 == (SIGTRAP | (PTRACE_EVENT_EXEC << 8));
}

/* The signal that a stop is about, which the process is to have; 0 for those of tracing. */
static int signal_of(int status)
{
	if (stopped_at_call(status) || status >> 16)
		return 0;
	return WSTOPSIG(status);
}

static int follow(pid_t pid, long n, const char *action, long *stops)
{
	int status, execs = 0;
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;

	if (waitpid(pid, &status, 0) < 0 || !WIFSTOPPED(status))
		fail("waitpid");
	if (ptrace(PTRACE_SETOPTIONS, pid, NULL, options) < 0)
		fail("ptrace");
	for (int number = 0;; number = signal_of(status)) {
		enum __ptrace_request request =
			execs < 2 ? PTRACE_SYSCALL : PTRACE_DETACH;
		if (ptrace(request, pid, NULL, number) < 0 && errno != ESRCH)
			fail("ptrace");
		if (waitpid(pid, &status, 0) < 0)
			fail("waitpid");
		if (!WIFSTOPPED(status))
			return status;
		execs += became_other(status);
		if (execs == 1 && stopped_at_call(status) && ++*stops == n)
			act(pid, action);
	}
}

int main(int argc, char **argv)
{
	long stops = 0;

	if (argc < 5)
		return 2;
	int status = follow(start(argv + 4), atol(argv[1]), argv[2], &stops);
	FILE *report = fopen(argv[3], "w");
	if (!report)
		fail(argv[3]);
	fprintf(report, "%ld %d\n", stops,
		WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
	return fclose(report) ? 2 : 0;
}
