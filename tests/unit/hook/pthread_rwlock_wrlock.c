/* pthread_rwlock_wrlock.c - pthread_rwlock_wrlock(3) through libc and through its
 * mirror. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/rwlocking.h"
#include "harness/scenario.h"

static int take(const struct calls *calls, pthread_rwlock_t *lock)
{
	return calls->pthread_rwlock_wrlock(lock);
}

enum { READERS = 6 };

/* All have to let go, in whatever order. */
static void several_read(struct run *run)
{
	static const int sorts[] = {OWN, OS_MIRRORS, OWN};
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
	struct rwholder holders[READERS];
	struct rwholder last = {.until_waited_for = true};
	int i;

	for (i = 0; i < READERS; i++) {
		holders[i] = (struct rwholder){.writes = false};
		rwholder_start(run, &holders[i], &lock, sorts[i % 3]);
	}
	rwholder_start(run, &last, &lock, run->kind);
	for (i = 0; i < READERS; i++)
		atomic_store(&holders[i].let_go, true);
	code(run, "wrlock", enter(run)->pthread_rwlock_wrlock(&lock));
	for (i = 0; i < READERS; i++)
		rwholder_end(&holders[i]);
	rwholder_end(&last);
	rwlock_end(run, &lock);
}

struct held {
	pthread_rwlock_t lock;
	atomic_bool taken;
	int fd; /* to read from while it is held */
};

static void hold_while_reading(struct mate *mate)
{
	struct held *held = mate->arg;
	char byte;

	mate->outcome = mate->calls->pthread_rwlock_wrlock(&held->lock);
	atomic_store(&held->taken, true);
	mate->outcome += mate->calls->read(held->fd, &byte, 1) != 1;
	mate->outcome += mate->calls->pthread_rwlock_unlock(&held->lock);
}

/* This one waits for what a mate has, who waits himself for something else. */
static void held_across_a_wait(struct run *run)
{
	struct pair pair = pair_open(run, PIPE, TO_ME);
	struct held held = {.lock = PTHREAD_RWLOCK_INITIALIZER, .fd = pair.mine};
	struct mate mate = {.act = hold_while_reading, .arg = &held, .sort = run->kind};
	struct peer peer = {
		.act = peer_writes, .fd = pair.theirs, .data = "x", .size = 1};

	mate_start(run, &mate);
	await_flag(run, &held.taken);
	peer_start(run, &peer);
	code(run, "wrlock", enter(run)->pthread_rwlock_wrlock(&held.lock));
	peer_join(&peer);
	mate_join(&mate);
	note(run, "mate: %ld", mate.outcome);
	rwlock_end(run, &held.lock);
}

int main(void)
{
	static const struct rwlocking verb = {take, NULL, true};
	static const struct scenario scenarios[] = {
		FOR_ALL_SORTS("several read", several_read),
		FOR_ALL_SORTS("held across a wait", held_across_a_wait),
	};

	rwlocking_add(&verb);
	suite_add(scenarios, COUNT(scenarios), &verb);
	return suite_run("pthread_rwlock_wrlock");
}
