/* sched_yield.c - sched_yield(2) through libc and through its mirror: others get their
 * turn. */
#include "harness/pair.h"
#include "harness/scenario.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static void succeeds(struct run *run)
{
	int i;

	for (i = 0; i < 100; i++)
		check(run, run->calls->sched_yield() == 0);
	result(run, "sched_yield", enter(run)->sched_yield());
}

struct turns {
	struct run *run;
	atomic_int count[2];
	atomic_bool stop;
};

static void *take_turns(void *arg)
{
	struct turns *turns = arg;

	while (!atomic_load(&turns->stop)) {
		atomic_fetch_add(&turns->count[1], 1);
		turns->run->calls->sched_yield();
	}
	return NULL;
}

/* One that yields in a loop lets another one run that does so too, and hears of the
 * end. */
static void lets_another_run(struct run *run)
{
	struct turns turns = {.run = run};
	pthread_t thread;

	check(run, run->calls->pthread_create(&thread, NULL, take_turns, &turns) == 0);
	while (atomic_load(&turns.count[1]) < 50)
		run->calls->sched_yield();
	atomic_store(&turns.stop, true);
	check(run, run->calls->pthread_join(thread, NULL) == 0);
}

struct reading {
	struct run *run;
	int fd;
	atomic_bool done;
};

static void *read_byte(void *arg)
{
	struct reading *reading = arg;
	char byte;

	if (reading->run->calls->read(reading->fd, &byte, 1) == 1)
		atomic_store(&reading->done, true);
	return NULL;
}

/* Events are looked for even while somebody always has something to do. */
static void lets_events_in(struct run *run)
{
	struct pair pair = pair_open(run, UNIX_STREAM, TO_ME);
	struct reading reading = {.run = run, .fd = pair.mine};
	pthread_t thread;

	check(run, run->calls->pthread_create(&thread, NULL, read_byte, &reading) == 0);
	run->calls->sched_yield();
	check(run, write(pair.theirs, "x", 1) == 1);
	while (!atomic_load(&reading.done))
		run->calls->sched_yield();
	check(run, run->calls->pthread_join(thread, NULL) == 0);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"succeeds", succeeds},
		{"lets another run", lets_another_run},
		{"lets events in", lets_events_in},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("sched_yield");
}
