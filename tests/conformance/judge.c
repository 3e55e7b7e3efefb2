/* judge.c - runs points in processes and compares their outcomes.
 *
 * Every run is a process of its own, which ends by itself, by a signal (which is part of
 * its outcome) or by an alarm. A job is a process that judges one point after the other,
 * the next that nobody has taken. */
#include "judge.h"
#include "table.h"

#include "harness/scenario.h"
#include "harness/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_S = 15, FIRST_RUNS = 8, LATER_RUNS = 3 };

static const struct setting {
	enum mode mode;
	const char *name;
} settings[] = {{PLAIN, "plain"}, {ROOT, "root"}, {FIBER, "fiber"}};

enum { SETTINGS = COUNT(settings) };

void *shared_memory(size_t size)
{
	void *memory = mmap(
		NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	return memory;
}

/* Memory in use, of all arenas. What was freed and is kept for the thread counts, too, but that
 * is no more than seven pieces of a size. */
static size_t memory_used(void)
{
	return mallinfo2().uordblks;
}

/* A leak is what makes every one of several more runs need more. */
static void look_for_leaks(const struct scenario *scenario, enum mode mode,
	const struct point *point, struct trace *trace)
{
	struct trace *muted = trace_new();
	size_t before = 0, now;
	int i, growing = 0;

	for (i = 0; i < FIRST_RUNS + LATER_RUNS; i++) {
		trace_clear(muted);
		run_scenario(scenario, mode, point, muted);
		now = memory_used();
		if (i >= FIRST_RUNS)
			growing += now > before;
		before = now;
	}
	if (growing == LATER_RUNS)
		trace_failure(trace, "memory grows from run to run");
	trace_free(muted);
}

static int modes_of(const struct point *point)
{
	return point->modes ? point->modes : MODES_ALL;
}

static _Noreturn void play(const struct point *point, enum mode mode, struct trace *trace)
{
	const struct scenario scenario = {point->condition, point->body, point->kind, 0};
	const struct rlimit none = {0, 0};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setrlimit(RLIMIT_CORE, &none);
	alarm(PATIENCE_S);
	run_scenario(&scenario, mode, point, trace);
	if (point->settles && modes_of(point) < 2 * (int)mode) /* the last one */
		look_for_leaks(&scenario, mode, point, trace);
	_exit(0);
}

static void say(struct judgement *judgement, const char *format, ...)
{
	const size_t used = strlen(judgement->text);
	va_list list;

	va_start(list, format);
	vsnprintf(judgement->text + used, sizeof(judgement->text) - used, format, list);
	va_end(list);
}

/* How a process ended is the last line of its outcome. */
static bool note_end(int status, struct trace *trace)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		trace_failure(trace, "it hangs");
	else if (WIFSIGNALED(status))
		trace_line(trace, "ended by SIG%s", sigabbrev_np(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		trace_line(trace, "exits with %d", WEXITSTATUS(status));
	return atomic_load(&trace->failures) == 0;
}

static bool run_in(const struct setting *setting, const struct point *point,
	struct trace *trace, struct judgement *judgement)
{
	const char *failure;
	int status;
	pid_t child;

	trace_clear(trace);
	fflush(NULL);
	child = fork();
	if (child == 0)
		play(point, setting->mode, trace);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (note_end(status, trace))
		return true;
	failure = strstr(trace->text, "! ");
	say(judgement, "    %-6s %.300s", setting->name, failure ? failure : "?\n");
	return false;
}

static size_t line_length(const char *line)
{
	return strcspn(line, "\n");
}

/* Where two outcomes part, both lines. */
static void say_difference(struct judgement *judgement, const char *a, const char *b,
	const char *aname, const char *bname)
{
	while (*a && line_length(a) == line_length(b) && !memcmp(a, b, line_length(a))) {
		a += line_length(a) + 1;
		b += line_length(b) + 1;
	}
	say(judgement, "    %-6s %.*s\n", aname, (int)line_length(a), *a ? a : "(ends)");
	say(judgement, "    %-6s %.*s\n", bname, (int)line_length(b), *b ? b : "(ends)");
}

static void compare(struct trace *traces[], int modes, struct judgement *judgement)
{
	const int plain = 0, root = 1, fiber = 2;

	judgement->verdict = EQUAL;
	if (modes & FIBER && strcmp(traces[root]->text, traces[fiber]->text)) {
		say_difference(judgement, traces[root]->text, traces[fiber]->text, "root",
			"fiber");
		judgement->verdict = BROKEN;
	}
	if (strcmp(traces[plain]->text, traces[root]->text)) {
		say_difference(judgement, traces[plain]->text, traces[root]->text,
			"plain", "root");
		if (judgement->verdict == EQUAL)
			judgement->verdict = DIFFERENT;
	}
}

/* eventfds, epoll sets and their like share one inode, and so the locks on it, with those
 * of all processes. */
static bool sees_locks(const struct point *point)
{
	return !strcmp(point->call, "lockf") || !strcmp(point->call, "flock") ||
	       !strcmp(point->call, "fcntl");
}

/* Nobody else, in other runs of this program neither, judges a point that sees locks until
 * the descriptor is closed. */
static int alone_begin(void)
{
	const int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || flock(fd, LOCK_EX) < 0) {
		perror("/proc/self/exe");
		exit(1);
	}
	return fd;
}

/* Children may have the descriptor, too. */
static void alone_end(int fd)
{
	flock(fd, LOCK_UN);
	close(fd);
}

static void judge(
	const struct point *point, struct trace *traces[], struct judgement *judgement)
{
	const int modes = modes_of(point);
	const int alone = sees_locks(point) ? alone_begin() : -1;
	bool good = true;

	for (size_t i = 0; i < SETTINGS; i++)
		if (modes & (int)settings[i].mode)
			good &= run_in(&settings[i], point, traces[i], judgement);
	if (good)
		compare(traces, modes, judgement);
	else
		judgement->verdict = BROKEN;
	if (alone >= 0)
		alone_end(alone);
}

static _Noreturn void work(size_t count, const bool *wanted, atomic_size_t *next,
	struct judgement *judgements)
{
	struct trace *traces[SETTINGS];
	size_t i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (i = 0; i < SETTINGS; i++)
		traces[i] = trace_new();
	while ((i = atomic_fetch_add(next, 1)) < count)
		if (wanted[i])
			judge(table_at(i), traces, &judgements[i]);
	_exit(0);
}

void judge_all(size_t count, const bool *wanted, int jobs, struct judgement *judgements)
{
	atomic_size_t *next = shared_memory(sizeof(*next));

	fflush(NULL);
	for (int i = 0; i < jobs; i++)
		if (fork() == 0)
			work(count, wanted, next, judgements);
	while (wait(NULL) > 0)
		;
	munmap(next, sizeof(*next));
}
