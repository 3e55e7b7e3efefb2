/* run.c - executes a scenario in one of three settings and keeps its record.
 *
 * It owns the descriptors that a scenario gave it to keep. A fiber run has a second
 * fiber, the ticker, which never stops running: when a call of the scenario blocks the
 * thread instead of the fiber, the ticker stands still, and whoever waits for it to move
 * is ended by the alarm. Called by scenario.c in a process of its own. */
#include "harness/run.h"
#include "harness/leftover.h"
#include "harness/scenario.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "cohook/cohook.h"

enum {
	FEW_BYTES = 24,     /* shown one by one */
	EARLY_NS = 4000000, /* that the kernel's own timeouts may lack to a full jiffy */
	LATE_MS = 5000,
};

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 * MS + (uint64_t)ts.tv_nsec;
}

const struct calls *enter(struct run *run)
{
	spot_enter(run, &run->spot);
	if (run->on_enter)
		run->on_enter(run);
	run->entered_ns = now();
	errno = 0;
	return run->calls;
}

static void leave(struct run *run)
{
	run->took_ns = now() - run->entered_ns;
	run->ticked = atomic_load(&run->ticks) - atomic_load(&run->spot.ticks);
	spot_leave(&run->spot);
}

const char *error_name(int error)
{
	const char *name = strerrorname_np(error);

	return name ? name : "an unknown error";
}

ssize_t result(struct run *run, const char *what, ssize_t value)
{
	int error = errno;

	leave(run);
	if (value == -1)
		trace_line(run->trace, "%s = -1 %s", what, error_name(error));
	else
		trace_line(run->trace, "%s = %zd", what, value);
	errno = error;
	return value;
}

int code(struct run *run, const char *what, int error)
{
	leave(run);
	trace_line(run->trace, "%s = %s", what, error_name(error));
	return error;
}

int descriptor(struct run *run, const char *what, int fd)
{
	int error = errno;

	leave(run);
	if (fd < 0)
		trace_line(run->trace, "%s = %d %s", what, fd, error_name(error));
	else
		trace_line(run->trace, "%s = a descriptor", what);
	errno = error;
	return fd < 0 ? fd : keep(run, fd);
}

static int keep_as(struct run *run, int fd, bool mirrored)
{
	if (fd < 0 || run->nkept == KEPT_MAX) {
		trace_failure(run->trace, "cannot keep descriptor %d: %s", fd,
			error_name(errno));
		return fd;
	}
	run->kept[run->nkept].fd = fd;
	run->kept[run->nkept++].mirrored = mirrored;
	return fd;
}

int keep(struct run *run, int fd)
{
	return keep_as(run, fd, true);
}

int keep_foreign(struct run *run, int fd)
{
	return keep_as(run, fd, false);
}

void let_go(struct run *run, int fd)
{
	size_t i;

	for (i = 0; i < run->nkept; i++) {
		if (run->kept[i].fd == fd)
			run->kept[i].fd = -1;
	}
}

void note_flags(struct run *run, const char *what, int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0)
		trace_line(run->trace, "flags of %s: %s", what, error_name(errno));
	else
		trace_line(run->trace, "flags of %s: %#x", what, (unsigned)flags);
}

/* Latest first, as scopes end. */
static void close_kept(struct run *run)
{
	while (run->nkept > 0) {
		int fd = run->kept[--run->nkept].fd;
		bool mirrored = run->kept[run->nkept].mirrored;

		if (fd < 0)
			continue;
		note_flags(run, "a kept descriptor", fd);
		if ((mirrored ? run->calls->close : close)(fd) < 0)
			trace_line(run->trace, "close = -1 %s", error_name(errno));
	}
}

void note(struct run *run, const char *format, ...)
{
	char line[300];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	trace_line(run->trace, "%s", line);
}

static uint64_t digest(const unsigned char *bytes, size_t size)
{
	uint64_t hash = UINT64_C(14695981039346656037);
	size_t i;

	for (i = 0; i < size; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
	return hash;
}

void note_bytes(struct run *run, const char *what, const void *bytes, ssize_t size)
{
	const unsigned char *b = bytes;
	char text[4 * FEW_BYTES + 1], *end = text;
	ssize_t i;

	if (size > FEW_BYTES) {
		note(run, "%s: %zd bytes, digest %016llx", what, size,
			(unsigned long long)digest(b, (size_t)size));
		return;
	}
	text[0] = '\0';
	for (i = 0; i < size; i++)
		end += sprintf(end, b[i] >= ' ' && b[i] < 127 ? "%c" : "\\x%02x", b[i]);
	note(run, "%s: \"%s\"", what, text);
}

void took(struct run *run, unsigned ms)
{
	uint64_t early = run->mode == PLAIN ? EARLY_NS : 0;

	if (run->took_ns + early < ms * MS)
		trace_failure(run->trace, "too early: after %llu us instead of %u ms",
			(unsigned long long)run->took_ns / 1000, ms);
	if (run->took_ns > (ms + LATE_MS) * MS)
		trace_failure(run->trace, "far too late: after %llu ms instead of %u ms",
			(unsigned long long)(run->took_ns / MS), ms);
	if (run->mode == FIBER && ms > 0 && run->ticked == 0)
		trace_failure(run->trace, "the other fiber stood still for %u ms", ms);
}

void took_no_wait(struct run *run)
{
	if (run->ticked > 0)
		trace_failure(run->trace, "it let others run %lu times", run->ticked);
}

void check_that(struct run *run, bool holds, const char *what, const char *file, int line)
{
	const char *base = strrchr(file, '/');

	if (!holds)
		trace_failure(run->trace, "%s:%d: not so: %s", base ? base + 1 : file,
			line, what);
}

void *nowhere(void)
{
	static void *page;

	if (!page)
		page = mmap(NULL, 65536, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return page;
}

struct fiber_run {
	struct run *run;
	const struct scenario *scenario;
	atomic_bool done;
};

static void *tick(void *arg)
{
	struct fiber_run *f = arg;

	while (!atomic_load(&f->done)) {
		atomic_fetch_add(&f->run->ticks, 1);
		co_fiber_yield();
		co_usleep(50);
	}
	return NULL;
}

static void *play(void *arg)
{
	struct fiber_run *f = arg;

	f->scenario->body(f->run);
	close_kept(f->run);
	return NULL;
}

static void play_in_fiber(struct run *run, const struct scenario *scenario)
{
	struct fiber_run f = {run, scenario, false};
	co_fiber *ticker, *subject;

	check(run, co_fiber_spawn(&ticker, NULL, tick, &f) == 0);
	check(run, co_fiber_spawn(&subject, NULL, play, &f) == 0);
	check(run, co_fiber_join(subject, NULL) == 0);
	atomic_store(&f.done, true);
	check(run, co_fiber_join(ticker, NULL) == 0);
}

static int wanted_workers(void)
{
	const char *wanted = getenv("COHOOK_WORKERS");

	return wanted ? atoi(wanted) : 0;
}

static void *be_elsewhere(void *arg)
{
	struct fiber_run *f = arg;

	f->run->home = gettid();
	play_in_fiber(f->run, f->scenario);
	return NULL;
}

/* Where threads that are fibers are when there are several workers. */
static void play_elsewhere(struct run *run, const struct scenario *scenario)
{
	struct fiber_run f = {run, scenario, false};
	pthread_t thread;

	check(run, mirror_calls.pthread_create(&thread, NULL, be_elsewhere, &f) == 0);
	check(run, mirror_calls.pthread_join(thread, NULL) == 0);
	check(run, run->home != gettid());
}

static void play_here(struct run *run, const struct scenario *scenario)
{
	scenario->body(run);
	close_kept(run);
}

static void play_once(struct run *run, const struct scenario *scenario)
{
	if (run->mode == FIBER && wanted_workers() > 1)
		play_elsewhere(run, scenario);
	else if (run->mode == FIBER)
		play_in_fiber(run, scenario);
	else
		play_here(run, scenario);
}

/* What a first run leaves may be the runtime's own, made on first use and kept; a second
 * one must not add to it. */
static void play_again(
	struct run *run, const struct scenario *scenario, const struct inventory *before)
{
	struct trace *trace = run->trace, *muted = trace_new();
	struct inventory now;

	run->trace = muted;
	play_once(run, scenario);
	run->trace = trace;
	inventory_settle(before, &now);
	inventory_blame(before, &now, trace);
	trace_free(muted);
}

static void *wait_at_gate(void *gate)
{
	mirror_calls.sem_wait(gate);
	return NULL;
}

/* How many workers a run needs is a matter of luck: have all that there may be. */
static void call_up_workers(struct run *run)
{
	enum { MOST = 64 };
	int i, n = wanted_workers();
	pthread_t threads[MOST];
	sem_t gate;

	n = n < MOST ? n : MOST;
	check(run, sem_init(&gate, 0, 0) == 0);
	for (i = 0; i < n; i++)
		check(run, mirror_calls.pthread_create(
				   &threads[i], NULL, wait_at_gate, &gate) == 0);
	for (i = 0; i < n; i++)
		mirror_calls.sem_post(&gate);
	for (i = 0; i < n; i++)
		mirror_calls.pthread_join(threads[i], NULL);
}

void run_scenario(const struct scenario *scenario, enum mode mode, const void *verb,
	struct trace *trace)
{
	static struct run run;
	struct inventory before, after;

	run.calls = mode == PLAIN ? &plain_calls : &mirror_calls;
	run.mode = mode;
	run.trace = trace;
	run.verb = verb;
	run.kind = scenario->kind;
	run.home = gettid();
	if (mode != PLAIN)
		check(&run, co_loop() != NULL);
	nowhere();
	if (mode == FIBER && wanted_workers() > 1)
		call_up_workers(&run);
	inventory_take(&before);
	play_once(&run, scenario);
	inventory_take(&after);
	if (!inventory_growth(&before, &after))
		return;
	if (mode != PLAIN) {
		call_up_workers(&run);
		inventory_take(&after);
	}
	play_again(&run, scenario, &after);
}
