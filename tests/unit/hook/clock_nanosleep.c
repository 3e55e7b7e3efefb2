/* clock_nanosleep.c - clock_nanosleep(2) through libc and through its mirror. */
#include "harness/doomed.h"
#include "harness/interrupt.h"
#include "harness/mate.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <errno.h>
#include <signal.h>
#include <time.h>

static void sleep_by(struct run *run, clockid_t clock, int flags, struct timespec span)
{
	struct timespec rest = {77, 77};

	code(run, "clock_nanosleep",
		enter(run)->clock_nanosleep(clock, flags, &span, &rest));
	note(run, "rest %ld %ld", (long)rest.tv_sec, rest.tv_nsec);
}

/* KIND is the clock. */
static void spans(struct run *run)
{
	sleep_by(run, run->kind, 0, (struct timespec){0, 0});
	sleep_by(run, run->kind, 0, (struct timespec){0, 1});
	sleep_by(run, run->kind, 0, (struct timespec){0, 20 * 1000 * 1000});
	took(run, 20);
}

static void points(struct run *run)
{
	struct timespec until = time_in(run->kind, 25);

	errno = EDOM;
	sleep_by(run, run->kind, TIMER_ABSTIME, until);
	came_after(run, run->kind, until);
	sleep_by(run, run->kind, TIMER_ABSTIME, until);
	sleep_by(run, run->kind, TIMER_ABSTIME, (struct timespec){0, 0});
	sleep_by(run, run->kind, TIMER_ABSTIME, (struct timespec){1, 0});
	took_no_wait(run);
}

static void malformed(struct run *run)
{
	static const struct timespec spans[] = {{0, 1000000000}, {0, -1}, {-1, 0}};
	size_t i;

	for (i = 0; i < COUNT(spans); i++) {
		sleep_by(run, run->kind, 0, spans[i]);
		sleep_by(run, run->kind, TIMER_ABSTIME, spans[i]);
	}
	took_no_wait(run);
}

static void bad_memory(struct run *run)
{
	code(run, "relative", enter(run)->clock_nanosleep(run->kind, 0, nowhere(), NULL));
	code(run, "absolute",
		enter(run)->clock_nanosleep(run->kind, TIMER_ABSTIME, nowhere(), NULL));
	took_no_wait(run);
}

static void other_clocks(struct run *run)
{
	const struct timespec span = {0, 1};

	sleep_by(run, 12345, 0, span);
	sleep_by(run, CLOCK_THREAD_CPUTIME_ID, 0, span);
	sleep_by(run, CLOCK_MONOTONIC_COARSE, 0, span);
	sleep_by(run, CLOCK_TAI, 0, span);
	sleep_by(run, CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME, span);
	sleep_by(run, CLOCK_PROCESS_CPUTIME_ID, 0, (struct timespec){-1, 0});
}

/* The process must compute for that time to pass, and the other fiber does. */
static void cpu_time(struct run *run)
{
	sleep_by(run, CLOCK_PROCESS_CPUTIME_ID, 0, (struct timespec){0, 2000000});
}

static void interrupted(struct run *run, int flags)
{
	const struct timespec until = flags & TIMER_ABSTIME ? time_in(run->kind, 50000)
							    : (struct timespec){50, 0};
	struct timespec rest = {77, 77};
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, SA_RESTART);
	peer_start(run, &peer);
	code(run, "clock_nanosleep",
		enter(run)->clock_nanosleep(run->kind, flags, &until, &rest));
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	note(run, "rest is left: %d", rest.tv_nsec != 77);
	check(run, rest.tv_sec >= 30 && rest.tv_sec <= 77 && rest.tv_nsec < 1000000000);
}

static void interrupted_span(struct run *run)
{
	interrupted(run, 0);
}

static void interrupted_point(struct run *run)
{
	interrupted(run, TIMER_ABSTIME);
}

static void rest_nowhere(struct run *run)
{
	const struct timespec span = {50, 0};
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, 0);
	peer_start(run, &peer);
	code(run, "clock_nanosleep",
		enter(run)->clock_nanosleep(run->kind, 0, &span, nowhere()));
	peer_join(&peer);
	note_caught(run, SIGUSR1);
}

static void doomed_sleeps(struct doomed *doomed)
{
	const struct timespec until = time_in(doomed->run->kind, 50000);
	const struct calls *calls = doomed_enter(doomed);

	calls->clock_nanosleep(doomed->run->kind, TIMER_ABSTIME, &until, NULL);
}

static void cancelled(struct run *run)
{
	struct doomed doomed = {.act = doomed_sleeps, .sort = OWN};

	doomed_meets_end(run, &doomed);
}

#define FOR_EACH_CLOCK(text, body, ...)                                    \
	{text " (realtime)", body, CLOCK_REALTIME, __VA_ARGS__},           \
		{text " (monotonic)", body, CLOCK_MONOTONIC, __VA_ARGS__}, \
	{                                                                  \
		text " (boottime)", body, CLOCK_BOOTTIME, __VA_ARGS__      \
	}

int main(void)
{
	static const struct scenario scenarios[] = {
		FOR_EACH_CLOCK("spans", spans, 0),
		FOR_EACH_CLOCK("points", points, 0),
		FOR_EACH_CLOCK("malformed", malformed, 0),
		FOR_EACH_CLOCK("bad memory", bad_memory, 0),
		FOR_EACH_CLOCK("span interrupted", interrupted_span, PLAIN | ROOT),
		FOR_EACH_CLOCK("point interrupted", interrupted_point, PLAIN | ROOT),
		FOR_EACH_CLOCK("rest nowhere", rest_nowhere, PLAIN | ROOT),
		FOR_EACH_CLOCK("cancelled", cancelled, 0),
		{"other clocks", other_clocks},
		{"cpu time", cpu_time, 0, FIBER},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("clock_nanosleep");
}
