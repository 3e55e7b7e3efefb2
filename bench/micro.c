/* micro.c - what fibers cost by themselves, beside threads: switching, making, reading what is in the page cache,
 * sleeping by the hundred thousand.
 *
 *	micro [SECONDS]      each loop runs for about that long (1)
 *
 * The same code plays with fibers and with threads, through a table of what either kind
 * does. Prints a table in Markdown. Run by bench/run, on one core. */
#define _GNU_SOURCE /* posix.h declares all mirrors */
#include "cohook/cohook.h"
#include "cohook/posix.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SLEEPERS = 100000, SLEEP_S = 5, BATCH = 1000 };
enum { PAGE = 4096, PAGES = 64, READ_ROUNDS = 40 };

typedef void *entry(void *);

struct kind {
	void *(*spawn)(entry *, void *);
	void (*join)(void *);
	void (*yield)(void);
	__typeof__(pthread_mutex_lock) *lock, *unlock;
	__typeof__(pthread_cond_wait) *wait;
	__typeof__(pthread_cond_signal) *signal;
	__typeof__(read) *read;
	__typeof__(pread) *pread;
};

static double seconds_each = 1;

static void check(const char *what, int error)
{
	if (error == 0)
		return;
	fprintf(stderr, "micro: %s: %s\n", what, strerror(abs(error)));
	exit(1);
}

static void *spawn_fiber(entry *run, void *argument)
{
	co_fiber *fiber;

	check("co_fiber_spawn", co_fiber_spawn(&fiber, NULL, run, argument));
	return fiber;
}

static void join_fiber(void *fiber)
{
	check("co_fiber_join", co_fiber_join(fiber, NULL));
}

static void *spawn_thread(entry *run, void *argument)
{
	pthread_t thread;

	check("pthread_create", pthread_create(&thread, NULL, run, argument));
	return (void *)thread;
}

static void join_thread(void *thread)
{
	check("pthread_join", pthread_join((pthread_t)thread, NULL));
}

static void yield_thread(void)
{
	sched_yield();
}

static const struct kind fibers = {
	.spawn = spawn_fiber,
	.join = join_fiber,
	.yield = co_fiber_yield,
	.lock = co_pthread_mutex_lock,
	.unlock = co_pthread_mutex_unlock,
	.wait = co_pthread_cond_wait,
	.signal = co_pthread_cond_signal,
	.read = co_read,
	.pread = co_pread,
};

static const struct kind threads = {
	.spawn = spawn_thread,
	.join = join_thread,
	.yield = yield_thread,
	.lock = pthread_mutex_lock,
	.unlock = pthread_mutex_unlock,
	.wait = pthread_cond_wait,
	.signal = pthread_cond_signal,
	.read = read,
	.pread = pread,
};

static double clock_s(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double now(void)
{
	return clock_s(CLOCK_MONOTONIC);
}

/* The number after KEY in the file at PATH, in KiB. */
static unsigned long field(const char *path, const char *key)
{
	char line[256];
	unsigned long kib = 0;
	FILE *file = fopen(path, "re");

	if (!file)
		check(path, -1);
	while (fgets(line, sizeof(line), file))
		if (strncmp(line, key, strlen(key)) == 0)
			kib = strtoul(line + strlen(key), NULL, 10);
	fclose(file);
	return kib;
}

/* KiB of the process's own: resident memory and the page tables for it. */
static unsigned long memory(void)
{
	return field("/proc/self/smaps_rollup", "Rss:") +
	       field("/proc/self/status", "VmPTE:");
}

/* Two players, each of which acts only when the other has. */
struct game {
	const struct kind *kind;
	double end;
	bool over;
	long moves;
	pthread_mutex_t lock;
	pthread_cond_t moved;
	int turn, players;
};

static void *yielder(void *argument)
{
	struct game *g = argument;

	while (!__atomic_load_n(&g->over, __ATOMIC_RELAXED)) {
		for (int i = 0; i < BATCH; i++)
			g->kind->yield();
		__atomic_add_fetch(&g->moves, BATCH, __ATOMIC_RELAXED);
		if (now() > g->end)
			__atomic_store_n(&g->over, true, __ATOMIC_RELAXED);
	}
	return NULL;
}

static void *mover(void *argument)
{
	struct game *g = argument;
	const struct kind *kind = g->kind;

	kind->lock(&g->lock);
	for (int me = g->players++; !g->over; g->moves++) {
		while (g->turn != me && !g->over)
			kind->wait(&g->moved, &g->lock);
		g->turn = !me;
		kind->signal(&g->moved);
		if (g->moves % BATCH == 0 && now() > g->end)
			g->over = true;
	}
	kind->unlock(&g->lock);
	return NULL;
}

/* Nanoseconds for one move of a game between two PLAYERs. */
static double play(const struct kind *kind, entry *player)
{
	struct game game = {
		.kind = kind,
		.end = now() + seconds_each,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.moved = PTHREAD_COND_INITIALIZER,
	};
	double start = now();
	void *one = kind->spawn(player, &game), *other = kind->spawn(player, &game);

	kind->join(one);
	kind->join(other);
	return (now() - start) / (double)game.moves * 1e9;
}

static void *nothing(void *argument)
{
	return argument;
}

/* Nanoseconds to make one and wait for its end. */
static double spawn_join(const struct kind *kind)
{
	double start = now(), end = start + seconds_each;
	long count = 0;

	for (; now() < end; count += BATCH)
		for (int i = 0; i < BATCH; i++)
			kind->join(kind->spawn(nothing, NULL));
	return (now() - start) / (double)count * 1e9;
}

static void row(const char *what, const char *fiber, const char *thread)
{
	printf("| %-38s | %12s | %12s |\n", what, fiber, thread);
	fflush(stdout);
}

static const char *text(double value, const char *unit)
{
	static char buffers[2][32];
	static int which;
	char *buffer = buffers[which = !which];

	snprintf(buffer, sizeof(buffers[0]), "%.*f %s", value < 10 ? 2 : 0, value, unit);
	return buffer;
}

/* Pages of a file that was just written, over and over. */
struct reading {
	const struct kind *kind;
	int fd;
	bool positioned;
	double least; /* nanoseconds of CPU for one page, of all stretches so far */
};

static int open_pages(void)
{
	char path[] = "/tmp/cohook-micro-XXXXXX";
	int fd = mkstemp(path);

	if (fd < 0 || unlink(path) < 0 || ftruncate(fd, PAGES * PAGE) < 0)
		check(path, errno);
	for (int i = 0; i < PAGES; i++)
		if (pwrite(fd, path, sizeof(path), i * PAGE) < 0)
			check(path, errno);
	return fd;
}

static ssize_t read_page(const struct reading *r, int page)
{
	static char buffer[PAGE];

	if (r->positioned)
		return r->kind->pread(r->fd, buffer, PAGE, page * PAGE);
	return r->kind->read(r->fd, buffer, PAGE);
}

static void *reader(void *argument)
{
	struct reading *r = argument;
	double start = clock_s(CLOCK_THREAD_CPUTIME_ID), each;

	for (int round = 0; round < READ_ROUNDS; round++) {
		if (lseek(r->fd, 0, SEEK_SET) < 0)
			check("lseek", errno);
		for (int i = 0; i < PAGES; i++)
			if (read_page(r, i) != PAGE)
				check("read", errno);
	}
	each = (clock_s(CLOCK_THREAD_CPUTIME_ID) - start) / (READ_ROUNDS * PAGES) * 1e9;
	if (r->least == 0 || each < r->least)
		r->least = each;
	return NULL;
}

/* Both kinds in turns, so that whatever else the machine does hits both. */
static void read_all(const char *what, bool positioned)
{
	int fd = open_pages();
	struct reading fiber = {&fibers, fd, positioned, 0}, thread = {&threads, fd, positioned, 0};
	double end = now() + 2 * seconds_each;

	while (now() < end) {
		fibers.join(fibers.spawn(reader, &fiber));
		threads.join(threads.spawn(reader, &thread));
	}
	close(fd);
	row(what, text(fiber.least, "ns"), text(thread.least, "ns"));
}

static struct {
	long asleep, awake;
	double latest; /* of all wake-ups, seconds after its time */
} dormitory;

static void *sleeper(void *argument)
{
	const struct timespec time = {.tv_sec = SLEEP_S};
	double due = now() + SLEEP_S;

	dormitory.asleep++;
	if (co_nanosleep(&time, NULL) < 0)
		check("co_nanosleep", errno);
	dormitory.awake++;
	if (now() - due > dormitory.latest)
		dormitory.latest = now() - due;
	return argument;
}

static void sleep_all(void)
{
	static void *all[SLEEPERS];
	unsigned long before = memory();
	double start = now();

	for (int i = 0; i < SLEEPERS; i++)
		all[i] = spawn_fiber(sleeper, NULL);
	while (dormitory.asleep < SLEEPERS)
		co_fiber_yield();
	double asleep = now(), cpu = clock_s(CLOCK_PROCESS_CPUTIME_ID);
	double each = (double)(memory() - before) / SLEEPERS;

	if (dormitory.awake > 0)
		check("the first woke up before the last was asleep", ETIME);
	for (int i = 0; i < SLEEPERS; i++)
		join_fiber(all[i]);
	cpu = clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	row("100,000 sleeping: all made and asleep", text((asleep - start) * 1e3, "ms"),
		"-");
	row("100,000 sleeping: memory of each", text(each, "KiB"), "-");
	row("100,000 sleeping: CPU to wake and join", text(cpu * 1e3, "ms"), "-");
	row("100,000 sleeping: latest wake-up after", text(dormitory.latest * 1e3, "ms"),
		"-");
}

int main(int argc, char **argv)
{
	if (argc > 1)
		seconds_each = strtod(argv[1], NULL);
	if (argc > 2 || !(seconds_each > 0)) {
		fprintf(stderr, "usage: micro [SECONDS]\n");
		return 2;
	}
	row("", "fibers", "threads");
	row("--------------------------------------", "-----------:", "-----------:");
	row("a yield between two", text(play(&fibers, yielder), "ns"),
		text(play(&threads, yielder), "ns"));
	row("a turn by mutex and condition", text(play(&fibers, mover), "ns"),
		text(play(&threads, mover), "ns"));
	row("spawn and join", text(spawn_join(&fibers), "ns"),
		text(spawn_join(&threads), "ns"));
	read_all("read of 4 KiB from the page cache", false);
	read_all("pread of the same", true);
	sleep_all();
	return 0;
}
