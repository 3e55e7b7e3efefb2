/* spot.c - finds out that somebody is blocked, without guessing by the clock.
 *
 * An OS thread is blocked when /proc says twice in a row that it sleeps in the same
 * system call with the same arguments and stack pointer. A fiber is blocked when the
 * run's ticker, another fiber of its worker, has run since; where there is no ticker,
 * when its whole worker sleeps, or when its worker runs somebody else: the caller. The
 * naps here only space out the looks. */
#include "harness/spot.h"
#include "harness/run.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	ROUNDS = 3,      /* of others that prove a fiber to be parked */
	LOOK_SIZE = 256,
};

void spot_reset(struct spot *spot)
{
	atomic_store(&spot->left, false);
	atomic_store(&spot->thread, 0);
}

void spot_enter(struct run *run, struct spot *spot)
{
	atomic_store(&spot->left, false);
	atomic_store(&spot->ticks, atomic_load(&run->ticks));
	atomic_store(&spot->thread, gettid());
}

void spot_leave(struct spot *spot)
{
	atomic_store(&spot->left, true);
}

static bool on_worker(const struct run *run)
{
	return run->mode != PLAIN && gettid() == run->home;
}

/* Let some time pass before the next look; the worker's other fibers go on meanwhile. */
static void nap(const struct run *run)
{
	const struct timespec span = {0, 50 * 1000};

	run->calls->nanosleep(&span, NULL);
}

static void read_proc(int thread, const char *file, char *text)
{
	char path[64];
	ssize_t n = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/%s", thread, file);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, LOOK_SIZE - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
}

static bool asleep(int thread)
{
	char text[LOOK_SIZE];
	const char *state;

	read_proc(thread, "stat", text);
	state = strrchr(text, ')');
	return state && state[1] == ' ' && state[2] == 'S';
}

static bool thread_blocked(const struct run *run, int thread)
{
	char first[LOOK_SIZE], second[LOOK_SIZE];

	if (!asleep(thread))
		return false;
	read_proc(thread, "syscall", first);
	nap(run);
	read_proc(thread, "syscall", second);
	return first[0] && !strcmp(first, second) && asleep(thread);
}

static bool fiber_blocked(const struct run *run, unsigned long since)
{
	return atomic_load(&run->ticks) >= since + ROUNDS;
}

/* The caller runs on SPOT's worker: whoever entered does not run, he is parked or about
 * to go on. Give him the chance to. */
static bool neighbour_blocked(const struct run *run, const struct spot *spot)
{
	int i;

	for (i = 0; i < ROUNDS && !atomic_load(&spot->left); i++)
		nap(run);
	return !atomic_load(&spot->left);
}

static bool seen_blocked(const struct run *run, const struct spot *spot, unsigned long since)
{
	int thread = atomic_load(&spot->thread);

	if (run->mode == PLAIN || thread != run->home)
		return thread_blocked(run, thread);
	if (on_worker(run))
		return neighbour_blocked(run, spot);
	if (run->mode == FIBER)
		return fiber_blocked(run, since);
	return thread_blocked(run, thread);
}

bool spot_blocked(struct run *run, struct spot *spot)
{
	unsigned long since = atomic_load(&run->ticks), entered;

	while (!atomic_load(&spot->thread))
		nap(run);
	entered = atomic_load(&spot->ticks);
	since = entered > since ? entered : since;
	while (!atomic_load(&spot->left)) {
		if (seen_blocked(run, spot, since))
			return true;
		nap(run);
	}
	return false;
}

void spot_gone(struct run *run, struct spot *spot)
{
	while (!atomic_load(&spot->left))
		nap(run);
}
