/* system.c - system: a command of the shell, waited for by the fiber.
 *
 * As libc's: SIGINT and SIGQUIT are ignored by the process while any such command runs,
 * the child has them as they were. SIGCHLD is blocked where no other fiber runs; with
 * others, as with other threads, it comes to them. */
#define _GNU_SOURCE
#include <cohook/posix.h>

#include "../loop/offload.h"
#include "../forkhold.h"
#include "child.h"
#include "readycall.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>

/* How many commands run, and what the signals meant before the first. */
static struct {
	struct lock lock;
	unsigned running;
	struct sigaction interrupt, quit;
} ignored[1];
static struct fork_hold hold = FORK_HOLD(ignored, lock);

__attribute__((constructor)) static void watch_forks(void)
{
	co__fork_hold(&hold);
}

static void ignore_signals(void)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};

	lock_take(&ignored->lock);
	if (ignored->running++ == 0) {
		sigaction(SIGINT, &ignore, &ignored->interrupt);
		sigaction(SIGQUIT, &ignore, &ignored->quit);
	}
	lock_drop(&ignored->lock);
}

static void heed_signals(void)
{
	lock_take(&ignored->lock);
	if (--ignored->running == 0) {
		sigaction(SIGINT, &ignored->interrupt, NULL);
		sigaction(SIGQUIT, &ignored->quit, NULL);
	}
	lock_drop(&ignored->lock);
}

/* 0 or an error number. */
static int start(const char *line, const sigset_t *mask, pid_t *pid)
{
	const char *const arguments[] = {"sh", "-c", line, NULL};
	posix_spawnattr_t attributes;
	sigset_t reset;
	int r;

	sigemptyset(&reset);
	if (ignored->interrupt.sa_handler != SIG_IGN)
		sigaddset(&reset, SIGINT);
	if (ignored->quit.sa_handler != SIG_IGN)
		sigaddset(&reset, SIGQUIT);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, mask);
	posix_spawnattr_setsigdefault(&attributes, &reset);
	posix_spawnattr_setflags(
		&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	r = posix_spawn(
		pid, "/bin/sh", NULL, &attributes, (char *const *)arguments, environ);
	posix_spawnattr_destroy(&attributes);
	return r;
}

/* The status, or -errno; -ECANCELED: the command was killed because its caller is to
 * end. */
static int finish(pid_t pid, int *status)
{
	int r = co__child_take(pid, status, WAIT_DEAF | WAIT_POINT);

	if (r != -ECANCELED)
		return r;
	kill(pid, SIGKILL);
	co__child_take(pid, NULL, WAIT_DEAF);
	return r;
}

static int run(const char *line, int *status)
{
	const bool alone = co__ctx.self->is_root && co__ctx.worker->live == 0;
	sigset_t blocked, before;
	pid_t pid;
	int r;

	sigemptyset(&blocked);
	if (alone)
		sigaddset(&blocked, SIGCHLD);
	ignore_signals();
	pthread_sigmask(SIG_BLOCK, &blocked, &before);
	r = -start(line, &before, &pid);
	if (r == 0)
		r = finish(pid, status);
	else
		*status = W_EXITCODE(127, 0);
	heed_signals();
	if (alone)
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	return r;
}

/* A child that somebody else took has no status. */
static int command(const char *line)
{
	int status = -1, error = errno;
	int r = run(line, &status);

	if (r == -ECANCELED)
		co__cancel_point(co__ctx.self);
	errno = r < 0 ? -r : error;
	return status;
}

static long plain_system(void *arg)
{
	return system(arg);
}

int co_system(const char *line)
{
	if (!ready_begin())
		return system(line);
	if (!line)
		return command("exit 0") == 0;
	/* Whether the shell takes it for an option depends on the version of libc. */
	if (*line == '-' || *line == '+')
		return (int)co__offload(plain_system, (void *)line);
	return command(line);
}
