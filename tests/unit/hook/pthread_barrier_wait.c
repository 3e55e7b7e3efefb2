/* pthread_barrier_wait.c - pthread_barrier_wait(3) through libc and through its
 * mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CROWD = 8, CYCLES = 40 };

static const char *verdict(int r)
{
	return r == PTHREAD_BARRIER_SERIAL_THREAD ? "serial" : error_name(r);
}

static void make(struct run *run, pthread_barrier_t *barrier, int shared, unsigned count)
{
	pthread_barrierattr_t attr;

	pthread_barrierattr_init(&attr);
	check(run, pthread_barrierattr_setpshared(&attr, shared) == 0);
	check(run, run->calls->pthread_barrier_init(barrier, &attr, count) == 0);
	pthread_barrierattr_destroy(&attr);
}

static void alone(struct run *run)
{
	pthread_barrier_t barrier;
	int i;

	make(run, &barrier, PTHREAD_PROCESS_PRIVATE, 1);
	for (i = 0; i < 3; i++) {
		note(run, "%s", verdict(enter(run)->pthread_barrier_wait(&barrier)));
		code(run, "waited", 0);
		took_no_wait(run);
	}
	code(run, "destroy", run->calls->pthread_barrier_destroy(&barrier));
}

static void arrive_last(struct mate *mate)
{
	mate->outcome = spot_blocked(mate->run, &mate->run->spot) ? 0 : 100;
	mate->outcome += mate->calls->pthread_barrier_wait(mate->arg);
}

static void arrive_first(struct mate *mate)
{
	mate->outcome =
		mate_leave(mate, mate_enter(mate)->pthread_barrier_wait(mate->arg));
}

/* One of the two is the serial one, whoever comes first. */
static void of_two(struct run *run)
{
	pthread_barrier_t barrier;
	struct mate mate = {.arg = &barrier, .sort = run->kind};
	int i, r;

	make(run, &barrier, PTHREAD_PROCESS_PRIVATE, 2);
	for (i = 0; i < 6; i++) {
		mate.act = i % 2 ? arrive_first : arrive_last;
		spot_reset(&run->spot);
		mate_start(run, &mate);
		if (i % 2)
			check(run, mate_blocked(&mate));
		errno = ENOTTY;
		r = enter(run)->pthread_barrier_wait(&barrier);
		code(run, "waited", 0);
		note(run, "errno %s", error_name(errno));
		mate_join(&mate);
		note(run, "together %ld", r + mate.outcome);
	}
	code(run, "destroy", run->calls->pthread_barrier_destroy(&barrier));
}

struct meeting {
	pthread_barrier_t barrier;
	unsigned count;
	atomic_uint arrived[CYCLES], serial[CYCLES];
	atomic_int early; /* somebody went on before all had come */
};

static void meet(struct mate *mate)
{
	struct meeting *meeting = mate->arg;
	int i, r;

	for (i = 0; i < CYCLES; i++) {
		atomic_fetch_add(&meeting->arrived[i], 1);
		if (i % 3 == 0)
			mate->calls->sched_yield();
		r = mate->calls->pthread_barrier_wait(&meeting->barrier);
		if (r == PTHREAD_BARRIER_SERIAL_THREAD)
			atomic_fetch_add(&meeting->serial[i], 1);
		else
			mate->outcome += r;
		if (atomic_load(&meeting->arrived[i]) != meeting->count)
			atomic_fetch_add(&meeting->early, 1);
	}
}

/* Again and again, without a pause. */
static void meet_in_a_crowd(struct run *run, const int *sorts, size_t nsorts, int shared)
{
	static struct meeting meeting;
	struct mate mates[CROWD];
	int i, once = 0;

	memset(&meeting, 0, sizeof(meeting));
	meeting.count = CROWD;
	make(run, &meeting.barrier, shared, CROWD);
	for (i = 0; i < CROWD; i++) {
		mates[i] = (struct mate){
			.act = meet, .arg = &meeting, .sort = sorts[(size_t)i % nsorts]};
		mate_start(run, &mates[i]);
	}
	for (i = 0; i < CROWD; i++) {
		mate_join(&mates[i]);
		check(run, mates[i].outcome == 0);
	}
	for (i = 0; i < CYCLES; i++)
		once += atomic_load(&meeting.serial[i]) == 1;
	note(run, "serial once %d, early %d", once, atomic_load(&meeting.early));
	code(run, "destroy", run->calls->pthread_barrier_destroy(&meeting.barrier));
}

/* KIND is whether it is shared between processes. */
static void crowd(struct run *run)
{
	static const int sorts[] = {OWN};

	meet_in_a_crowd(run, sorts, COUNT(sorts), run->kind);
}

static void mixed_crowd(struct run *run)
{
	static const int ours[] = {OWN, OS_MIRRORS, OWN};
	static const int all[] = {OWN, OS_MIRRORS, OWN, OS_PLAIN};

	if (run->kind == PTHREAD_PROCESS_SHARED)
		meet_in_a_crowd(run, all, COUNT(all), run->kind);
	else
		meet_in_a_crowd(run, ours, COUNT(ours), run->kind);
}

struct passing {
	pthread_barrier_t *barrier;
	atomic_int destroyed;
};

/* The serial one destroys it, while the others are still on their way out. */
static void meet_and_destroy(struct mate *mate)
{
	struct passing *passing = mate->arg;
	pthread_barrier_t *barrier = passing->barrier;
	int r = mate->calls->pthread_barrier_wait(barrier);

	if (r != PTHREAD_BARRIER_SERIAL_THREAD)
		return;
	mate->outcome = mate->calls->pthread_barrier_destroy(barrier);
	memset(barrier, 0x5a, sizeof(*barrier));
	free(barrier);
	atomic_fetch_add(&passing->destroyed, 1);
}

static void destroyed_at_once(struct run *run)
{
	struct passing passing = {.destroyed = 0};
	struct mate mates[CROWD];
	int i, k;

	for (k = 0; k < 20; k++) {
		passing.barrier = malloc(sizeof(*passing.barrier));
		make(run, passing.barrier, PTHREAD_PROCESS_PRIVATE, CROWD);
		for (i = 0; i < CROWD; i++) {
			mates[i] = (struct mate){.act = meet_and_destroy,
				.arg = &passing,
				.sort = i % 3 ? OWN : run->kind};
			mate_start(run, &mates[i]);
		}
		for (i = 0; i < CROWD; i++) {
			mate_join(&mates[i]);
			check(run, mates[i].outcome == 0);
		}
	}
	note(run, "destroyed %d", atomic_load(&passing.destroyed));
}

/* --- another process ---------------------------------------------------------------- */

static int meet_plainly(pthread_barrier_t *barrier)
{
	int i, r;

	alarm(60);
	for (i = 0; i < CYCLES; i++) {
		r = pthread_barrier_wait(barrier);
		if (r != 0 && r != PTHREAD_BARRIER_SERIAL_THREAD)
			return 1;
	}
	return 0;
}

/* It knows nothing of us. */
static void shared_with_a_process(struct run *run)
{
	pthread_barrier_t *barrier = mmap(NULL, sizeof(*barrier), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int i, r, bad = 0, status = -1;
	pid_t child;

	make(run, barrier, PTHREAD_PROCESS_SHARED, 2);
	child = fork();
	if (child == 0)
		_exit(meet_plainly(barrier));
	for (i = 0; i < CYCLES; i++) {
		r = enter(run)->pthread_barrier_wait(barrier);
		bad += r != 0 && r != PTHREAD_BARRIER_SERIAL_THREAD;
	}
	check(run, waitpid(child, &status, 0) == child && status == 0);
	note(run, "bad %d", bad);
	code(run, "destroy", run->calls->pthread_barrier_destroy(barrier));
	munmap(barrier, sizeof(*barrier));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"alone", alone},
		FOR_OUR_SORTS("of two", of_two),
		{"crowd", crowd, PTHREAD_PROCESS_PRIVATE},
		{"crowd (shared)", crowd, PTHREAD_PROCESS_SHARED},
		{"mixed crowd", mixed_crowd, PTHREAD_PROCESS_PRIVATE},
		{"mixed crowd (shared)", mixed_crowd, PTHREAD_PROCESS_SHARED},
		FOR_OUR_SORTS("destroyed at once", destroyed_at_once),
		{"shared with a process", shared_with_a_process, 0, PLAIN | ROOT},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_barrier_wait");
}
