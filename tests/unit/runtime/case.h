/* case.h - what the tests of the runtime's parts share: checks that may fail on any
 * stack, child processes, and waiting for what other fibers and threads do.
 *
 * cmocka's assertions jump to the frame of the test, which lies on another stack than a
 * fiber's: in fibers and in other threads use must(). */
#ifndef RUNTIME_CASE_H
#define RUNTIME_CASE_H

#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "cohook/cohook.h"
#include "fiber.h"

enum { SKIPPED = 77, PATIENCE_S = 50 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#if defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN 1
#endif
#endif
#ifndef UNDER_ASAN
#define UNDER_ASAN 0
#endif

#if defined(__SANITIZE_THREAD__)
#define UNDER_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UNDER_TSAN 1
#endif
#endif
#ifndef UNDER_TSAN
#define UNDER_TSAN 0
#endif

#define must(condition) \
	((condition) ? (void)0 : must_failed(#condition, __FILE__, __LINE__))

_Noreturn static inline void must_failed(const char *what, const char *file, int line)
{
	fprintf(stderr, "%s:%d: not so: %s (errno %d)\n", file, line, what, errno);
	_exit(1);
}

/* The alarm ends what hangs. */
#define RUN(tests) (alarm(PATIENCE_S), cmocka_run_group_tests(tests, NULL, NULL))

#define MS UINT64_C(1000000)

static inline uint64_t monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 * MS + (uint64_t)ts.tv_nsec;
}

/* Whether FIBER waits (or is just about to). */
static inline bool waits(struct co_fiber *fiber)
{
	return atomic_load(&fiber->wake) == WAKE_PENDING;
}

/* From another fiber, or another thread. */
static inline void until_waits(struct co_fiber *fiber)
{
	while (!waits(fiber)) {
		co_fiber_yield();
		sched_yield();
	}
}

static inline co_fiber *spawn(void *(*entry)(void *), void *arg)
{
	co_fiber *fiber;

	must(co_fiber_spawn(&fiber, NULL, entry, arg) == 0);
	return fiber;
}

static inline void *join(co_fiber *fiber)
{
	void *result;

	must(co_fiber_join(fiber, &result) == 0);
	return result;
}

struct child {
	int status;        /* as waitpid(2) gives it */
	char output[8192]; /* what it wrote to standard error */
};

static inline void child_listen(struct child *child, pid_t pid, int from)
{
	size_t used = 0;
	ssize_t n;

	while (used < sizeof(child->output) - 1 &&
		(n = read(from, child->output + used, sizeof(child->output) - 1 - used)) >
			0)
		used += (size_t)n;
	child->output[used] = '\0';
	close(from);
	while (waitpid(pid, &child->status, 0) < 0)
		must(errno == EINTR);
}

/* BODY(ARG) in a process of its own, which exits with 0 when it returns. */
static inline void child_run(struct child *child, void (*body)(void *arg), void *arg)
{
	int ends[2];
	pid_t pid;

	must(pipe(ends) == 0);
	fflush(NULL);
	pid = fork();
	must(pid >= 0);
	if (pid == 0) {
		alarm(PATIENCE_S - 10);
		signal(SIGSEGV, SIG_DFL); /* cmocka's */
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		body(arg);
		_exit(0);
	}
	close(ends[1]);
	child_listen(child, pid, ends[0]);
}

/* The same for a body that has to succeed. */
static inline void child_succeeds(void (*body)(void *arg), void *arg)
{
	struct child child;

	child_run(&child, body, arg);
	if (WIFEXITED(child.status) && WEXITSTATUS(child.status) == SKIPPED) {
		print_message("%s", child.output);
		skip();
	}
	if (child.status != 0)
		fail_msg("status %#x, said: %s", (unsigned)child.status, child.output);
}

#endif
