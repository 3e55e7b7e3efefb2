/* pthread_cancel.c - pthread_cancel(3) through libc and through its mirror: every call
 * that waits is a point where a thread can end. */
#include "harness/mate.h"
#include "harness/pair.h"
#include "harness/scenario.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <unistd.h>

struct victim {
	struct run *run;
	void (*wait)(struct victim *victim);
	struct spot spot;
	int fd;
	pthread_t thread, other;
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	char order[8];
	int n;
};

static void clean_up(void *arg)
{
	struct victim *victim = arg;

	victim->order[victim->n++] = 'c';
}

static void *live(void *arg)
{
	struct victim *victim = arg;

	pthread_cleanup_push(clean_up, victim);
	spot_enter(victim->run, &victim->spot);
	victim->wait(victim);
	spot_leave(&victim->spot);
	victim->order[victim->n++] = '!';
	pthread_cleanup_pop(0);
	return NULL;
}

static void by_read(struct victim *victim)
{
	char byte;

	victim->run->calls->read(victim->fd, &byte, 1);
}

static void by_recv(struct victim *victim)
{
	char bytes[8];

	victim->run->calls->recv(victim->fd, bytes, sizeof(bytes), MSG_WAITALL);
}

static void by_poll(struct victim *victim)
{
	struct pollfd p = {victim->fd, POLLIN, 0};

	victim->run->calls->poll(&p, 1, -1);
}

static void by_sleep(struct victim *victim)
{
	victim->run->calls->sleep(100);
}

static void by_nanosleep(struct victim *victim)
{
	const struct timespec span = {100, 0};

	victim->run->calls->nanosleep(&span, NULL);
}

static void by_accept(struct victim *victim)
{
	struct sockaddr_in address;
	int fd = keep(victim->run, listener_open(victim->run->calls, &address, 1));

	victim->run->calls->accept(fd, NULL, NULL);
}

static void start(struct run *run, struct victim *victim, void (*wait)(struct victim *))
{
	*victim = (struct victim){.run = run, .wait = wait,
		.fd = pair_open(run, UNIX_STREAM, TO_ME).mine};
	check(run, run->calls->pthread_create(&victim->thread, NULL, live, victim) == 0);
	check(run, spot_blocked(run, &victim->spot));
}

static void finish(struct run *run, struct victim *victim)
{
	void *value = NULL;

	code(run, "join", run->calls->pthread_join(victim->thread, &value));
	note(run, "cancelled: %d", value == PTHREAD_CANCELED);
	note_bytes(run, "order", victim->order, victim->n);
}

static void in_each_call(struct run *run)
{
	static void (*const waits[])(struct victim *) = {
		by_read, by_recv, by_poll, by_sleep, by_nanosleep, by_accept};
	struct victim victim;
	size_t i;

	for (i = 0; i < COUNT(waits); i++) {
		start(run, &victim, waits[i]);
		code(run, "cancel", enter(run)->pthread_cancel(victim.thread));
		took_no_wait(run);
		finish(run, &victim);
	}
}

static void unlock(void *arg)
{
	struct victim *victim = arg;

	victim->order[victim->n++] = 'u';
	victim->run->calls->pthread_mutex_unlock(&victim->mutex);
}

static void by_condition(struct victim *victim)
{
	victim->run->calls->pthread_mutex_lock(&victim->mutex);
	pthread_cleanup_push(unlock, victim);
	victim->run->calls->pthread_cond_wait(&victim->cond, &victim->mutex);
	pthread_cleanup_pop(1);
}

/* The mutex is taken again before the handlers run, which give it back. */
static void in_a_condition(struct run *run)
{
	struct victim victim = {.run = run, .wait = by_condition,
		.mutex = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP,
		.cond = PTHREAD_COND_INITIALIZER};

	check(run, run->calls->pthread_create(&victim.thread, NULL, live, &victim) == 0);
	check(run, spot_blocked(run, &victim.spot));
	code(run, "cancel", enter(run)->pthread_cancel(victim.thread));
	finish(run, &victim);
	code(run, "lock", run->calls->pthread_mutex_lock(&victim.mutex));
	code(run, "unlock", run->calls->pthread_mutex_unlock(&victim.mutex));
	code(run, "destroy", run->calls->pthread_cond_destroy(&victim.cond));
}

static void by_join(struct victim *victim)
{
	victim->run->calls->pthread_join(victim->other, NULL);
}

/* Who was being joined can still be joined. */
static void in_a_join(struct run *run)
{
	struct victim other, victim;

	start(run, &other, by_read);
	victim = (struct victim){.run = run, .wait = by_join, .other = other.thread};
	check(run, run->calls->pthread_create(&victim.thread, NULL, live, &victim) == 0);
	check(run, spot_blocked(run, &victim.spot));
	code(run, "cancel", enter(run)->pthread_cancel(victim.thread));
	finish(run, &victim);
	code(run, "cancel", enter(run)->pthread_cancel(other.thread));
	finish(run, &other);
}

static void by_mutex(struct victim *victim)
{
	char byte;

	victim->run->calls->pthread_mutex_lock(&victim->mutex);
	victim->order[victim->n++] = 'm';
	victim->run->calls->pthread_mutex_unlock(&victim->mutex);
	victim->run->calls->read(victim->fd, &byte, 1);
}

/* Waiting for a mutex goes on; the next point ends it. */
static void not_for_a_mutex(struct run *run)
{
	struct victim victim = {.run = run, .wait = by_mutex,
		.fd = pair_open(run, UNIX_STREAM, TO_ME).mine,
		.mutex = PTHREAD_MUTEX_INITIALIZER};

	check(run, run->calls->pthread_mutex_lock(&victim.mutex) == 0);
	check(run, run->calls->pthread_create(&victim.thread, NULL, live, &victim) == 0);
	check(run, spot_blocked(run, &victim.spot));
	code(run, "cancel", enter(run)->pthread_cancel(victim.thread));
	check(run, spot_blocked(run, &victim.spot));
	check(run, run->calls->pthread_mutex_unlock(&victim.mutex) == 0);
	finish(run, &victim);
}

static void by_read_again(struct victim *victim)
{
	char byte;

	while (!victim->n)
		victim->run->calls->sched_yield();
	victim->run->calls->read(victim->fd, &byte, 1);
}

/* Requested while it was busy: the first call that is a point ends it, even if there is
 * something to read. */
static void before_the_call(struct run *run)
{
	struct pair pair = pair_open(run, UNIX_STREAM, TO_ME);
	struct victim victim = {.run = run, .wait = by_read_again, .fd = pair.mine};

	pair_put(run, &pair, "x");
	check(run, run->calls->pthread_create(&victim.thread, NULL, live, &victim) == 0);
	run->calls->usleep(1000);
	code(run, "cancel", enter(run)->pthread_cancel(victim.thread));
	victim.order[victim.n++] = 'g';
	finish(run, &victim);
}

static void *end_at_once(void *arg)
{
	return arg;
}

static void one_that_has_ended(struct run *run)
{
	pthread_t thread;
	void *value = NULL;

	check(run, run->calls->pthread_create(&thread, NULL, end_at_once, run) == 0);
	run->calls->usleep(2000);
	code(run, "cancel", enter(run)->pthread_cancel(thread));
	check(run, run->calls->pthread_join(thread, &value) == 0 && value == run);
}

#ifdef __SANITIZE_ADDRESS__ /* it loses track of a stack that libc unwinds to end a thread */
enum { CANCELLING = MODES_MIRROR };
#else
enum { CANCELLING = MODES_ALL };
#endif

int main(void)
{
	static const struct scenario scenarios[] = {
		{"in each call", in_each_call, 0, CANCELLING},
		{"in a condition", in_a_condition, 0, CANCELLING},
		{"in a join", in_a_join, 0, CANCELLING},
		{"not for a mutex", not_for_a_mutex, 0, CANCELLING},
		{"before the call", before_the_call, 0, CANCELLING},
		{"one that has ended", one_that_has_ended},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_cancel");
}
