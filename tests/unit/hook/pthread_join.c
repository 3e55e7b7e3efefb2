/* pthread_join.c - pthread_join(3) through libc and through its mirror. */
#include "harness/mate.h"
#include "harness/peer.h"
#include "harness/pair.h"
#include "harness/scenario.h"

#include <errno.h>
#include <stdint.h>
#include <unistd.h>

static void join(struct run *run, pthread_t thread)
{
	void *value = (void *)77;

	code(run, "join", enter(run)->pthread_join(thread, &value));
	note(run, "value %ld", (long)(intptr_t)value);
}

struct reading {
	struct run *run;
	int fd;
};

static void *read_one(void *arg)
{
	struct reading *reading = arg;
	char byte = 0;

	reading->run->calls->read(reading->fd, &byte, 1);
	return (void *)(intptr_t)byte;
}

static void waits_for_the_end(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct reading reading = {run, pair.mine};
	struct peer peer = {.act = peer_writes, .fd = pair.theirs, .data = "A", .size = 1};
	pthread_t thread;

	check(run, run->calls->pthread_create(&thread, NULL, read_one, &reading) == 0);
	peer_start(run, &peer);
	join(run, thread);
	peer_join(&peer);
}

static void *give_back(void *arg)
{
	return arg;
}

static void ended_before(struct run *run)
{
	pthread_t thread;
	int i;

	check(run, run->calls->pthread_create(&thread, NULL, give_back, (void *)5) == 0);
	for (i = 0; i < 20; i++)
		run->calls->usleep(100);
	join(run, thread);
}

static void value_is_not_wanted(struct run *run)
{
	pthread_t thread;

	check(run, run->calls->pthread_create(&thread, NULL, give_back, (void *)5) == 0);
	code(run, "join", enter(run)->pthread_join(thread, NULL));
}

static void oneself(struct run *run)
{
	code(run, "join", enter(run)->pthread_join(run->calls->pthread_self(), NULL));
	took_no_wait(run);
}

struct gate {
	struct run *run;
	atomic_bool open, done;
	pthread_t thread;
};

static void *wait_at_gate(void *arg)
{
	struct gate *gate = arg;

	await_flag(gate->run, &gate->open);
	atomic_store(&gate->done, true);
	return (void *)9;
}

static void a_detached_one(struct run *run)
{
	struct gate gate = {.run = run};

	check(run, run->calls->pthread_create(&gate.thread, NULL, wait_at_gate, &gate) == 0);
	check(run, run->calls->pthread_detach(gate.thread) == 0);
	code(run, "join", enter(run)->pthread_join(gate.thread, NULL));
	took_no_wait(run);
	atomic_store(&gate.open, true);
	await_flag(run, &gate.done);
}

static void join_first(struct mate *mate)
{
	struct gate *gate = mate->arg;

	mate->outcome = mate_leave(
		mate, mate_enter(mate)->pthread_join(gate->thread, NULL));
}

/* Only one can wait for the end of a thread. POSIX leaves open what the second one gets;
 * libc waits. */
static void two_want_to(struct run *run)
{
	struct gate gate = {.run = run};
	struct mate mate = {.act = join_first, .arg = &gate};

	check(run, run->calls->pthread_create(&gate.thread, NULL, wait_at_gate, &gate) == 0);
	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	code(run, "join", enter(run)->pthread_join(gate.thread, NULL));
	took_no_wait(run);
	atomic_store(&gate.open, true);
	mate_join(&mate);
	note(run, "mate: %s", error_name((int)mate.outcome));
}

static void *wait_for_joiner(void *arg)
{
	struct run *run = arg;

	spot_blocked(run, &run->spot);
	return (void *)11;
}

/* A thread that foreign code made is an OS thread; its end is waited for cooperatively
 * all the same. */
static void a_foreign_thread(struct run *run)
{
	pthread_t thread;

	spot_reset(&run->spot);
	check(run, pthread_create(&thread, NULL, wait_for_joiner, run) == 0);
	join(run, thread);
	check(run, pthread_create(&thread, NULL, give_back, (void *)12) == 0);
	join(run, thread);
}

struct relay {
	struct run *run;
	pthread_t before;
	bool first;
};

static void *join_the_one_before(void *arg)
{
	struct relay *relay = arg;
	void *value = NULL;

	if (!relay->first)
		relay->run->calls->pthread_join(relay->before, &value);
	relay->run->calls->sched_yield();
	return (void *)((intptr_t)value + 1);
}

static void chain(struct run *run)
{
	enum { LINKS = 30 };
	static struct relay relays[LINKS];
	pthread_t thread;
	int i;

	for (i = 0; i < LINKS; i++) {
		relays[i] = (struct relay){run, i ? thread : 0, i == 0};
		check(run, run->calls->pthread_create(
				   &thread, NULL, join_the_one_before, &relays[i]) == 0);
	}
	join(run, thread);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"waits for the end", waits_for_the_end},
		{"ended before", ended_before},
		{"value is not wanted", value_is_not_wanted},
		{"oneself", oneself},
		{"a detached one", a_detached_one},
		{"two want to", two_want_to, 0, MODES_MIRROR},
		{"a foreign thread", a_foreign_thread},
		{"chain", chain},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_join");
}
