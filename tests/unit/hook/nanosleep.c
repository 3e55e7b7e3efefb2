/* nanosleep.c - nanosleep(2) through libc and through its mirror. */
#include "harness/interrupt.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>

enum { PRECISE_ROUNDS = 9, PRECISE_US = 300 };

static void sleep_for(struct run *run, long s, long ns)
{
	const struct timespec span = {s, ns};

	result(run, "nanosleep", enter(run)->nanosleep(&span, NULL));
}

static void spans(struct run *run)
{
	sleep_for(run, 0, 1);
	sleep_for(run, 0, 1000 * 1000);
	took(run, 1);
	sleep_for(run, 0, 25 * 1000 * 1000);
	took(run, 25);
	sleep_for(run, 0, 0);
}

static void rest_stays_untouched(struct run *run)
{
	const struct timespec span = {0, 1000};
	struct timespec rest = {77, 77};

	result(run, "nanosleep", enter(run)->nanosleep(&span, &rest));
	note(run, "rest %ld %ld", (long)rest.tv_sec, rest.tv_nsec);
}

static void malformed_spans(struct run *run)
{
	sleep_for(run, 0, 1000000000);
	sleep_for(run, 0, -1);
	sleep_for(run, -1, 0);
	took_no_wait(run);
}

static void bad_memory(struct run *run)
{
	result(run, "nanosleep", enter(run)->nanosleep(nowhere(), NULL));
	result(run, "nanosleep", enter(run)->nanosleep(NULL, NULL));
	took_no_wait(run);
}

static void interrupted(struct run *run)
{
	const struct timespec span = {50, 0};
	struct timespec rest = {0, 0};
	struct peer peer = {.act = peer_signals, .size = SIGUSR1};

	catch_signal(run, SIGUSR1, run->kind);
	peer_start(run, &peer);
	result(run, "nanosleep", enter(run)->nanosleep(&span, &rest));
	peer_join(&peer);
	note_caught(run, SIGUSR1);
	check(run, rest.tv_sec >= 30 && rest.tv_sec <= 50 && rest.tv_nsec < 1000000000);
}

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* An idle worker must not wake up by the millisecond: the median is what counts, single
 * rounds may meet a busy machine. */
static void short_spans_are_precise(struct run *run)
{
	const struct timespec span = {0, PRECISE_US * 1000};
	uint64_t took_ns[PRECISE_ROUNDS];
	int i;

	for (i = 0; i < PRECISE_ROUNDS; i++) {
		result(run, "nanosleep", enter(run)->nanosleep(&span, NULL));
		took_ns[i] = run->took_ns;
		check(run, run->took_ns >= PRECISE_US * 1000);
	}
	qsort(took_ns, PRECISE_ROUNDS, sizeof(took_ns[0]), ascending);
	check(run, took_ns[PRECISE_ROUNDS / 2] < 3 * MS);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"spans", spans},
		{"rest stays untouched", rest_stays_untouched},
		{"malformed spans", malformed_spans},
		{"bad memory", bad_memory},
		{"interrupted", interrupted, 0, PLAIN | ROOT},
		{"not restarted", interrupted, SA_RESTART, PLAIN | ROOT},
		{"short spans are precise", short_spans_are_precise},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("nanosleep");
}
