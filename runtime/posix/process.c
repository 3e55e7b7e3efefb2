/* process.c - wait, waitpid, wait3, wait4, waitid.
 *
 * The kernel's own call, with WNOHANG, gives every answer. What is parked for in between:
 * the end of one child is told by a pidfd, everything else by childwatch.c. A stop of a
 * child that is traced, about which nobody asked and nothing tells, is found by a look
 * now and then. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "child.h"
#include "childwatch.h"
#include "readycall.h"
#include "usermem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/resource.h>
#include <sys/syscall.h>

struct reap {
	struct ready ready;
	struct childwatch watch;
	idtype_t type; /* who is waited for, in waitid(2)'s words */
	id_t id;
	int options;
	/* The call without waiting: > 0 with the answer, 0 for none yet, or -errno. */
	int (*attempt)(struct reap *reap);
	pid_t pid; /* wait4(2)'s */
	int *status;
	struct rusage *usage;
	siginfo_t info; /* waitid(2)'s */
};

static const uint64_t traced_pause = 100 * NS_PER_MS;

static int look(struct ready *ready, const sigset_t *mask)
{
	struct reap *r = LIST_OWNER(ready, struct reap, ready);

	(void)mask;
	return r->attempt(r);
}

/* Whether it is about the end of one child. */
static bool is_simple(const struct reap *r)
{
	return (r->type == P_PID || r->type == P_PIDFD) &&
	       (r->options & (WEXITED | WSTOPPED | WCONTINUED)) == WEXITED;
}

/* Something that tells of it, or -1; a traced thread has nothing. */
static int open_pidfd(const struct reap *r)
{
	if (!is_simple(r))
		return -1;
	if (r->type == P_PIDFD)
		return fcntl((int)r->id, F_DUPFD_CLOEXEC, 0);
	return (int)syscall(SYS_pidfd_open, r->id, 0);
}

/* The number of a descriptor that is waited by may come to mean another child, so nobody
 * shares a thread for it. */
static bool join_watch(struct reap *r)
{
	return r->type != P_PIDFD &&
	       co__childwatch_link(&r->watch, r->type, r->id, r->options & ~__WNOTHREAD);
}

static void join(struct ready *ready)
{
	struct reap *r = LIST_OWNER(ready, struct reap, ready);
	int fd = open_pidfd(r);

	list_init(&r->watch.link);
	if (fd >= 0 || !join_watch(r))
		co__ready_watch(ready, fd);
}

static void leave(struct ready *ready)
{
	co__childwatch_unlink(&LIST_OWNER(ready, struct reap, ready)->watch);
}

static int wait_for(struct reap *r, unsigned how)
{
	int answer;

	r->ready.look = look;
	r->ready.link = join;
	r->ready.unlink = leave;
	r->ready.how = how;
	do {
		r->ready.due = is_simple(r) ? due_after(traced_pause) : DUE_NEVER;
		answer = co__ready_wait(&r->ready);
	} while (answer == 0);
	return answer;
}

/* --- wait4 and what is made of it ------------------------------------------------------------------ */

static int attempt_wait4(struct reap *r)
{
	int pid = wait4(r->pid, r->status, (r->options & ~WEXITED) | WNOHANG, r->usage);

	return pid < 0 ? -errno : pid;
}

/* The caller's process group is the one of now, whatever it is later. */
static void name_children(struct reap *r, pid_t pid)
{
	if (pid == 0)
		pid = -getpgrp();
	r->pid = pid;
	r->type = pid == -1 ? P_ALL : pid < 0 ? P_PGID : P_PID;
	r->id = (id_t)(pid < 0 ? -pid : pid);
}

static int wait4_by(struct reap *r, pid_t pid, int options, unsigned how)
{
	name_children(r, pid);
	r->options = options | WEXITED;
	r->attempt = attempt_wait4;
	return wait_for(r, how);
}

int co__child_take(pid_t pid, int *status, unsigned how)
{
	struct reap r = {.status = status};

	return wait4_by(&r, pid, 0, how);
}

pid_t co_wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	struct reap r = {.status = status, .usage = usage};
	int error = errno;

	/* The kernel refuses WEXITED, and the number that has no opposite. */
	if (!ready_begin() || options & (WNOHANG | WEXITED) || pid == INT_MIN)
		return wait4(pid, status, options, usage);
	return ready_end(wait4_by(&r, pid, options, WAIT_SIGNALS), error);
}

pid_t co_wait3(int *status, int options, struct rusage *usage)
{
	return co_wait4(-1, status, options, usage);
}

pid_t co_waitpid(pid_t pid, int *status, int options)
{
	return co_wait4(pid, status, options, NULL);
}

pid_t co_wait(int *status)
{
	return co_wait4(-1, status, 0, NULL);
}

/* --- waitid ---------------------------------------------------------------------------------------- */

static int attempt_waitid(struct reap *r)
{
	r->info = (siginfo_t){0};
	if (waitid(r->type, r->id, &r->info, r->options | WNOHANG) < 0)
		return -errno;
	return r->info.si_signo == SIGCHLD;
}

int co__child_await(pid_t pid, unsigned how)
{
	struct reap r = {.type = P_PID, .id = (id_t)pid, .options = WEXITED | WNOWAIT};

	r.attempt = attempt_waitid;
	return wait_for(&r, how);
}

/* The fields that the kernel writes, at the end of every call. */
static int write_info(siginfo_t *info, const siginfo_t *from)
{
	const size_t head = offsetof(siginfo_t, si_code) + sizeof(from->si_code);
	const size_t at = offsetof(siginfo_t, si_pid);
	const size_t tail = offsetof(siginfo_t, si_status) + sizeof(from->si_status) - at;

	if (!info)
		return 0;
	if (!usermem_write(info, from, head) ||
		!usermem_write((char *)info + at, (const char *)from + at, tail))
		return -EFAULT;
	return 0;
}

static bool is_nonblocking(idtype_t type, id_t id)
{
	int flags = type == P_PIDFD ? fcntl((int)id, F_GETFL) : 0;

	return flags >= 0 && flags & O_NONBLOCK;
}

int co_waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	struct reap r = {.type = type, .id = id, .options = options};
	int error = errno, answer, written;

	if (!ready_begin() || options & WNOHANG || is_nonblocking(type, id))
		return waitid(type, id, info, options);
	if (type == P_PGID && id == 0)
		r.id = (id_t)getpgrp();
	r.attempt = attempt_waitid;
	answer = wait_for(&r, WAIT_SIGNALS);
	if (answer < 0)
		r.info = (siginfo_t){0};
	written = write_info(info, &r.info);
	if (answer >= 0 || written < 0)
		answer = written;
	return ready_end(answer, error);
}
