/* waitid.c - waitid(2) through libc and through its mirror. */
#include "harness/kid.h"
#include "harness/reaping.h"
#include "harness/interrupt.h"
#include "harness/scenario.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int call(const struct calls *calls, pid_t pid, siginfo_t *info, int options)
{
	if (pid > 0)
		return calls->waitid(P_PID, (id_t)pid, info, options);
	if (pid == -1)
		return calls->waitid(P_ALL, 0, info, options);
	return calls->waitid(P_PGID, -(id_t)pid, info, options);
}

/* With wait4(2)'s parameters; the status has the code in its upper half. */
static pid_t by_waitid(const struct calls *calls, pid_t pid, int *status, int options,
	struct rusage *usage)
{
	siginfo_t info = {0};
	siginfo_t *to = status ? &info : NULL;
	int r;

	(void)usage;
	if (status == nowhere())
		to = nowhere();
	r = call(calls, pid, to, options | WEXITED);
	if (r == 0 && to == &info && info.si_signo)
		*status = info.si_code << 16 | info.si_status;
	return r < 0 ? -1 : to != &info ? 1 : info.si_pid;
}

static void wait_noting(struct run *run, idtype_t type, id_t id, int options)
{
	siginfo_t info;

	memset(&info, 0x55, sizeof(info));
	result(run, "waitid", enter(run)->waitid(type, id, &info, options));
	if (info.si_pid && info.si_pid != 0x55555555)
		info.si_pid = 1;
	note(run, "signo %#x errno %#x code %#x pid %#x uid %#x status %#x",
		(unsigned)info.si_signo, (unsigned)info.si_errno, (unsigned)info.si_code,
		(unsigned)info.si_pid, (unsigned)info.si_uid, (unsigned)info.si_status);
	note_bytes(run, "the rest", (const char *)&info + 28, sizeof(info) - 28);
}

/* Every end of the call writes the fields of a child, and only those. */
static void what_is_written(struct run *run)
{
	struct kid kid = kid_new(run);
	struct peer peer = {.act = peer_orders, .arg = &kid, .data = "x"};
	struct peer signals = {.act = peer_signals, .size = SIGUSR1};

	wait_noting(run, P_ALL, 0, WEXITED | WNOHANG);
	wait_noting(run, P_ALL, 0, 0);
	wait_noting(run, 77, 0, WEXITED);
	wait_noting(run, P_PID, (id_t)getppid(), WEXITED);
	if (run->mode != FIBER) {
		catch_signal(run, SIGUSR1, 0);
		peer_start(run, &signals);
		wait_noting(run, P_ALL, 0, WEXITED);
		peer_join(&signals);
		note_caught(run, SIGUSR1);
	}
	peer_start(run, &peer);
	wait_noting(run, P_PID, (id_t)kid.pid, WEXITED | WNOWAIT);
	peer_join(&peer);
	wait_noting(run, P_ALL, 0, WEXITED);
	kid_forget(&kid);
}

static void only_stops(struct run *run)
{
	struct kid kid = kid_new(run);
	struct peer peer = {.act = peer_orders, .arg = &kid, .data = "s"};

	peer_start(run, &peer);
	wait_noting(run, P_PID, (id_t)kid.pid, WSTOPPED);
	peer_join(&peer);
	kid_end(run, &kid);
	wait_noting(run, P_PID, (id_t)kid.pid, WSTOPPED);
}

/* Not by WSTOPPED alone: an end is then no news, until it is all that can come. */
static void only_stops_but_ends(struct run *run)
{
	struct kid kid = kid_new(run);
	struct peer peer = {.act = peer_orders, .arg = &kid, .data = "x"};

	peer_start(run, &peer);
	wait_noting(run, P_ALL, 0, WSTOPPED | WEXITED);
	peer_join(&peer);
	wait_noting(run, P_ALL, 0, WSTOPPED);
	kid_forget(&kid);
}

static int open_pidfd(struct run *run, const struct kid *kid, unsigned flags)
{
	int fd = (int)syscall(SYS_pidfd_open, kid->pid, flags);

	check(run, fd >= 0);
	return fd;
}

static void by_descriptor(struct run *run)
{
	struct kid kid = kid_new(run);
	struct peer stop = {.act = peer_orders, .arg = &kid, .data = "s"};
	struct peer end = {.act = peer_orders, .arg = &kid, .data = "x"};
	int fd = open_pidfd(run, &kid, 0);

	peer_start(run, &stop);
	wait_noting(run, P_PIDFD, (id_t)fd, WEXITED | WSTOPPED);
	peer_join(&stop);
	kill(kid.pid, SIGCONT);
	peer_start(run, &end);
	wait_noting(run, P_PIDFD, (id_t)fd, WEXITED);
	peer_join(&end);
	wait_noting(run, P_PIDFD, (id_t)fd, WEXITED);
	close(fd);
	wait_noting(run, P_PIDFD, (id_t)fd, WEXITED);
	kid_forget(&kid);
}

static void by_non_blocking_descriptor(struct run *run)
{
	struct kid kid = kid_new(run);
	int fd = open_pidfd(run, &kid, O_NONBLOCK);

	wait_noting(run, P_PIDFD, (id_t)fd, WEXITED);
	took_no_wait(run);
	kid_tell(run, &kid, 'x');
	wait_noting(run, P_PIDFD, (id_t)fd, WEXITED);
	close(fd);
	kid_forget(&kid);
}

int main(void)
{
	static const struct reaping verb = {"waitid", BY_PID | OPTIONS, by_waitid};
	static const struct scenario scenarios[] = {
		{"what is written", what_is_written, 0, PLAIN | ROOT},
		{"only stops", only_stops},
		{"only stops, but it ends", only_stops_but_ends},
		{"by descriptor", by_descriptor},
		{"by non-blocking descriptor", by_non_blocking_descriptor},
	};

	reaping_add(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("waitid");
}
