/* kid.c - children for the calls that wait for them.
 *
 * A kid makes plain calls only, and dies with its parent. */
#include "harness/kid.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static void obey(char order)
{
	switch (order) {
	case 'x':
		_exit(7);
	case 'k':
		kill(getpid(), SIGKILL);
		break;
	case 't':
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		kill(getpid(), SIGSTOP);
		break;
	case 's':
		kill(getpid(), SIGSTOP);
		break;
	}
}

static _Noreturn void live(int orders)
{
	char order;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(orders, &order, 1) == 1)
		obey(order);
	_exit(1);
}

struct kid kid_new(struct run *run)
{
	struct kid kid = {-1, -1};
	int fds[2];

	check(run, pipe2(fds, O_CLOEXEC) == 0);
	kid.orders = fds[1];
	kid.pid = fork();
	if (kid.pid == 0) {
		close(fds[1]);
		live(fds[0]);
	}
	close(fds[0]);
	check(run, kid.pid > 0);
	return kid;
}

/* What it does then is for the parent to see, and is left to be seen. */
void kid_tell(struct run *run, const struct kid *kid, char order)
{
	siginfo_t info;

	check(run, write(kid->orders, &order, 1) == 1);
	check(run,
		waitid(P_PID, (id_t)kid->pid, &info, WEXITED | WSTOPPED | WNOWAIT) == 0);
}

void kid_forget(struct kid *kid)
{
	close(kid->orders);
	kid->orders = -1;
}

void kid_end(struct run *run, struct kid *kid)
{
	int status;

	kill(kid->pid, SIGKILL);
	while (waitpid(kid->pid, &status, 0) == kid->pid && !WIFEXITED(status) &&
		!WIFSIGNALED(status))
		;
	check(run, waitpid(kid->pid, NULL, 0) < 0 && errno == ECHILD);
	kid_forget(kid);
}

void peer_orders(struct peer *peer)
{
	const struct kid *kid = peer->arg;

	if (write(kid->orders, peer->data, 1) != 1)
		trace_failure(peer->run->trace, "peer: order: %s", error_name(errno));
}

void note_kid(struct run *run, const struct kid *kid, pid_t pid, int status)
{
	note(run, "%s, status %#x",
		pid == kid->pid ? "the kid"
		: pid > 0       ? "another child"
				: "no child",
		(unsigned)status);
}
