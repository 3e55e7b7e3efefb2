/* daemon.c - daemon(3) through libc and through its mirror. */
#include "harness/scenario.h"
#include "harness/run.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STAYS = 1, KEEPS = 2, PATIENCE_S = 8 };

struct report {
	int result, session_is_own, at_root, stdin_is_null, stdout_is_null;
	ssize_t got;
	int wrong;
};

static int is_null(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

/* Pipes and sleeps of the calls under test. */
static int talk_to_oneself(const struct calls *calls)
{
	int fds[2], wrong = 0;
	char byte;

	wrong += calls->usleep(1000) != 0;
	wrong += calls->pipe(fds) != 0;
	wrong += calls->write(fds[1], "x", 1) != 1;
	wrong += calls->read(fds[0], &byte, 1) != 1;
	wrong += calls->close(fds[0]) != 0;
	wrong += calls->close(fds[1]) != 0;
	return wrong;
}

/* Where its standard input was there may be another kind of descriptor now. */
static _Noreturn void become_daemon(struct run *run, int to)
{
	struct report report = {0};
	char cwd[100], byte;
	int fds[2];

	alarm(PATIENCE_S);
	if (run->calls->pipe(fds) != 0 || run->calls->dup2(fds[0], STDIN_FILENO) != 0)
		_exit(1);
	if (write(fds[1], "ab", 2) != 2 || run->calls->read(STDIN_FILENO, &byte, 1) != 1)
		_exit(1);
	report.result = run->calls->daemon(run->kind & STAYS, run->kind & KEEPS);
	report.session_is_own = getsid(0) == getpid();
	report.at_root = getcwd(cwd, sizeof(cwd)) && strcmp(cwd, "/") == 0;
	report.stdin_is_null = is_null(STDIN_FILENO);
	report.stdout_is_null = is_null(STDOUT_FILENO);
	report.got = run->calls->read(STDIN_FILENO, &byte, 1);
	report.wrong = talk_to_oneself(run->calls);
	if (write(to, &report, sizeof(report)) != sizeof(report))
		_exit(1);
	_exit(0);
}

static void goes_on(struct run *run)
{
	struct report report;
	int fds[2], status;
	pid_t child;

	check(run, pipe(fds) == 0 && chdir("/tmp") == 0);
	child = fork();
	if (child == 0)
		become_daemon(run, fds[1]);
	check(run, waitpid(child, &status, 0) == child && status == 0);
	close(fds[1]);
	check(run, read(fds[0], &report, sizeof(report)) == sizeof(report));
	close(fds[0]);
	note(run, "%d: session %d, root %d, null %d %d, read %zd, wrong %d",
		report.result, report.session_is_own, report.at_root,
		report.stdin_is_null, report.stdout_is_null, report.got, report.wrong);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"goes on", goes_on, 0},
		{"goes on where it is", goes_on, STAYS},
		{"goes on with its streams", goes_on, KEEPS},
		{"goes on with both", goes_on, STAYS | KEEPS},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("daemon");
}
