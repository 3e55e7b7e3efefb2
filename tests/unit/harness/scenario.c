/* scenario.c - runs the scenarios of a test program and compares what they saw.
 *
 * Every run is a child process: a crash, an exit or a hang ends that run alone, and each
 * begins with a runtime that has not been used. The reference is the first setting that a
 * scenario has, libc where it runs there. One CMocka test is one scenario in all its
 * settings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "harness/scenario.h"
#include "harness/run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SCENARIOS_MAX = 256, PATIENCE_S = 10 };

static struct entry {
	const struct scenario *scenario;
	const void *verb;
} entries[SCENARIOS_MAX];
static size_t nentries;

static const struct setting {
	enum mode mode;
	const char *name;
} settings[] = {{PLAIN, "plain"}, {ROOT, "root"}, {FIBER, "fiber"}};

void suite_add(const struct scenario *scenarios, size_t n, const void *verb)
{
	size_t i;

	if (nentries + n > SCENARIOS_MAX) {
		fprintf(stderr, "too many scenarios\n");
		exit(1);
	}
	for (i = 0; i < n; i++)
		entries[nentries++] = (struct entry){&scenarios[i], verb};
}

/* CMocka catches the signals of a crash and goes on with the next test: not in the child
 * that crashed. */
static const int crash_signals[] = {SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGSYS};
static struct sigaction before_cmocka[COUNT(crash_signals)];

static void save_crash_signals(void)
{
	size_t i;

	for (i = 0; i < COUNT(crash_signals); i++)
		sigaction(crash_signals[i], NULL, &before_cmocka[i]);
}

static void restore_crash_signals(void)
{
	size_t i;

	for (i = 0; i < COUNT(crash_signals); i++)
		sigaction(crash_signals[i], &before_cmocka[i], NULL);
}

static int modes_of(const struct entry *entry)
{
	return entry->scenario->modes ? entry->scenario->modes : MODES_ALL;
}

/* LeakSanitizer takes longer than the rest of a run: only the last one, a fiber's where
 * there is one, ends by exit(3), at which it looks. */
static bool checks_leaks(const struct entry *entry, enum mode mode)
{
	return modes_of(entry) < 2 * (int)mode;
}

static _Noreturn void be_child(
	const struct entry *entry, enum mode mode, struct trace *trace)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	restore_crash_signals();
	alarm(PATIENCE_S); /* no handler: one would be foreign code's, and interrupt calls */
	run_scenario(entry->scenario, mode, entry->verb, trace);
	if (checks_leaks(entry, mode))
		exit(0);
	fflush(NULL);
	_exit(0);
}

/* Whether the run came to its end; if not, says what became of it. */
static bool ended_well(int status, const struct trace *trace, const char *name)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		fprintf(stderr, "  %s: still going on after %d s\n", name, PATIENCE_S);
	else if (WIFSIGNALED(status))
		fprintf(stderr, "  %s: died of signal %d (%s)\n", name, WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	else
		fprintf(stderr, "  %s: exited with status %d\n", name, WEXITSTATUS(status));
	fprintf(stderr, "    after: %s\n", trace_last(trace));
	return false;
}

static bool run_setting(
	const struct entry *entry, const struct setting *setting, struct trace *trace)
{
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0)
		be_child(entry, setting->mode, trace);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	trace_print_failures(trace, setting->name);
	return ended_well(status, trace, setting->name) && trace->failures == 0;
}

static void run_entry(void **state)
{
	const struct entry *entry = *state;
	struct trace *traces[COUNT(settings)];
	size_t i, first = COUNT(settings);
	bool good = true;

	for (i = 0; i < COUNT(settings); i++)
		traces[i] = trace_new();
	for (i = 0; i < COUNT(settings) && good; i++) {
		if (!(modes_of(entry) & settings[i].mode))
			continue;
		good = run_setting(entry, &settings[i], traces[i]);
		if (first == COUNT(settings))
			first = i;
		else if (good)
			good = trace_same(traces[first], settings[first].name, traces[i],
				settings[i].name);
	}
	for (i = 0; i < COUNT(settings); i++)
		trace_free(traces[i]);
	assert_true(good);
}

/* The scenarios that ONLY, a part of a name, selects; all if it is NULL. */
static size_t fill_tests(struct CMUnitTest *tests, const char *only)
{
	size_t i, n = 0;

	for (i = 0; i < nentries; i++) {
		if (only && !strstr(entries[i].scenario->name, only))
			continue;
		tests[n].name = entries[i].scenario->name;
		tests[n].test_func = run_entry;
		tests[n++].initial_state = &entries[i];
	}
	return n;
}

int suite_run(const char *name)
{
	static struct CMUnitTest tests[SCENARIOS_MAX];
	size_t n = fill_tests(tests, getenv("SCENARIO"));

	save_crash_signals();
	return _cmocka_run_group_tests(name, tests, n, NULL, NULL);
}
