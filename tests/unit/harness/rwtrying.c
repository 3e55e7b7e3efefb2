/* rwtrying.c - scenarios that every call which takes a read-write lock without waiting
 * must pass. */
#include "harness/rwtrying.h"
#include "harness/rwlocking.h"
#include "harness/scenario.h"

static int attempt(struct run *run, pthread_rwlock_t *lock)
{
	const struct rwtrying *verb = run->verb;

	return code(run, "try", verb->lock(enter(run), lock));
}

static void try(struct run *run, pthread_rwlock_t *lock)
{
	if (attempt(run, lock) == 0)
		rwlock_unlock(run, lock);
}

static void nobody_holds_it(struct run *run)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

	attempt(run, &lock);
	took_no_wait(run);
	try(run, &lock);
	rwlock_end(run, &lock);
}

static void i_hold_it(struct run *run)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

	code(run, "rdlock", enter(run)->pthread_rwlock_rdlock(&lock));
	try(run, &lock);
	rwlock_unlock(run, &lock);
	code(run, "wrlock", enter(run)->pthread_rwlock_wrlock(&lock));
	try(run, &lock);
	rwlock_end(run, &lock);
}

/* KIND is the mate's sort. */
static void a_mate_holds_it(struct run *run)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
	struct rwholder holder = {.writes = false};

	rwholder_start(run, &holder, &lock, run->kind);
	try(run, &lock);
	rwholder_end(&holder);
	try(run, &lock);
	holder.writes = true;
	rwholder_start(run, &holder, &lock, run->kind);
	try(run, &lock);
	rwholder_end(&holder);
	try(run, &lock);
	code(run, "destroy", run->calls->pthread_rwlock_destroy(&lock));
}

static void hold_for_a_while(struct mate *mate)
{
	mate->outcome =
		mate_leave(mate, mate_enter(mate)->pthread_rwlock_wrlock(mate->arg));
	for (int i = 0; i < 100; i++)
		mate->calls->sched_yield();
	mate->outcome += mate->calls->pthread_rwlock_unlock(mate->arg);
}

/* A loop around the call lets the holder go on. */
static void try_until_it_works(struct run *run)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
	struct mate mate = {.act = hold_for_a_while, .arg = &lock, .sort = run->kind};
	const struct rwtrying *verb = run->verb;

	mate_start(run, &mate);
	spot_gone(run, &mate.spot);
	while (verb->lock(run->calls, &lock) != 0)
		;
	mate_join(&mate);
	note(run, "mate: %ld", mate.outcome);
	rwlock_end(run, &lock);
}

static const struct scenario scenarios[] = {
	{"nobody holds it", nobody_holds_it},
	{"i hold it", i_hold_it},
	FOR_ALL_SORTS("a mate holds it", a_mate_holds_it),
	FOR_ALL_SORTS("try until it works", try_until_it_works),
};

void rwtrying_add(const struct rwtrying *verb)
{
	suite_add(scenarios, COUNT(scenarios), verb);
}
