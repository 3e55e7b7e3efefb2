/* rwlocking.c - scenarios for whatever takes a read-write lock. */
#include "harness/rwlocking.h"
#include "harness/scenario.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

void rwlock_make(struct run *run, pthread_rwlock_t *lock, int kind)
{
	pthread_rwlockattr_t attr;

	pthread_rwlockattr_init(&attr);
	check(run, pthread_rwlockattr_setkind_np(&attr, kind) == 0);
	check(run, run->calls->pthread_rwlock_init(lock, &attr) == 0);
	pthread_rwlockattr_destroy(&attr);
}

void rwlock_unlock(struct run *run, pthread_rwlock_t *lock)
{
	code(run, "unlock", run->calls->pthread_rwlock_unlock(lock));
}

void rwlock_end(struct run *run, pthread_rwlock_t *lock)
{
	rwlock_unlock(run, lock);
	code(run, "destroy", run->calls->pthread_rwlock_destroy(lock));
}

static void hold(struct mate *mate)
{
	struct rwholder *holder = mate->arg;
	pthread_rwlock_t *lock = holder->lock;

	mate->outcome = holder->writes ? mate->calls->pthread_rwlock_wrlock(lock)
				       : mate->calls->pthread_rwlock_rdlock(lock);
	atomic_store(&holder->taken, true);
	if (holder->until_waited_for)
		mate->outcome += !spot_blocked(mate->run, &mate->run->spot);
	else
		await_flag(mate->run, &holder->let_go);
	mate->outcome += mate->calls->pthread_rwlock_unlock(lock);
}

void rwholder_start(
	struct run *run, struct rwholder *holder, pthread_rwlock_t *lock, int sort)
{
	holder->lock = lock;
	holder->mate = (struct mate){.act = hold, .arg = holder, .sort = sort};
	atomic_store(&holder->taken, false);
	atomic_store(&holder->let_go, false);
	spot_reset(&run->spot);
	mate_start(run, &holder->mate);
	await_flag(run, &holder->taken);
}

void rwholder_end(struct rwholder *holder)
{
	atomic_store(&holder->let_go, true);
	mate_join(&holder->mate);
	note(holder->mate.run, "holder: %ld", holder->mate.outcome);
}

static const struct rwlocking *verb_of(const struct run *run)
{
	return run->verb;
}

static int take(struct run *run, pthread_rwlock_t *lock)
{
	return code(run, "lock", verb_of(run)->lock(enter(run), lock));
}

static void nobody_holds_it(struct run *run)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
	int i;

	for (i = 0; i < 3; i++) {
		take(run, &lock);
		took_no_wait(run);
		note(run, "another writer: %s",
			error_name(run->calls->pthread_rwlock_trywrlock(&lock)));
		rwlock_unlock(run, &lock);
	}
	code(run, "destroy", run->calls->pthread_rwlock_destroy(&lock));
}

static void errno_is_left_alone(struct run *run)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
	struct rwholder holder = {.writes = true, .until_waited_for = true};

	rwholder_start(run, &holder, &lock, OWN);
	enter(run);
	errno = ENOTTY;
	code(run, "lock", verb_of(run)->lock(run->calls, &lock));
	note(run, "errno %s", error_name(errno));
	rwholder_end(&holder);
	rwlock_end(run, &lock);
}

/* KIND is the mate's sort. */
static void a_mate_writes(struct run *run)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
	struct rwholder holder = {.writes = true, .until_waited_for = true};
	int i;

	for (i = 0; i < 3; i++) {
		rwholder_start(run, &holder, &lock, run->kind);
		take(run, &lock);
		rwholder_end(&holder);
		rwlock_unlock(run, &lock);
	}
	code(run, "destroy", run->calls->pthread_rwlock_destroy(&lock));
}

/* Only a writer has to wait for him. */
static void a_mate_reads(struct run *run)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
	struct rwholder holder = {.until_waited_for = verb_of(run)->writes};

	rwholder_start(run, &holder, &lock, run->kind);
	take(run, &lock);
	if (!holder.until_waited_for)
		took_no_wait(run);
	rwholder_end(&holder);
	rwlock_end(run, &lock);
}

static void take_and_unlock(struct mate *mate)
{
	mate->outcome =
		mate_leave(mate, verb_of(mate->run)->lock(mate_enter(mate), mate->arg));
	mate->outcome += mate->calls->pthread_rwlock_unlock(mate->arg);
}

static void a_mate_waits(struct run *run)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
	struct mate mate = {.act = take_and_unlock, .arg = &lock, .sort = run->kind};
	int i;

	for (i = 0; i < 3; i++) {
		code(run, "wrlock", enter(run)->pthread_rwlock_wrlock(&lock));
		mate_start(run, &mate);
		check(run, mate_blocked(&mate));
		rwlock_unlock(run, &lock);
		mate_join(&mate);
		note(run, "mate: %ld", mate.outcome);
	}
	code(run, "destroy", run->calls->pthread_rwlock_destroy(&lock));
}

/* One unlock is enough for them all. */
static void several_wait(struct run *run)
{
	static const int sorts[] = {OWN, OS_MIRRORS, OWN, OS_PLAIN, OWN};
	pthread_rwlock_t lock;
	struct mate mates[COUNT(sorts)];
	size_t i;

	rwlock_make(run, &lock, run->kind);
	code(run, "wrlock", enter(run)->pthread_rwlock_wrlock(&lock));
	for (i = 0; i < COUNT(sorts); i++) {
		mates[i] = (struct mate){
			.act = take_and_unlock, .arg = &lock, .sort = sorts[i]};
		mate_start(run, &mates[i]);
		check(run, mate_blocked(&mates[i]));
	}
	rwlock_unlock(run, &lock);
	for (i = 0; i < COUNT(sorts); i++) {
		mate_join(&mates[i]);
		check(run, mates[i].outcome == 0);
	}
	code(run, "destroy", run->calls->pthread_rwlock_destroy(&lock));
}

/* The one who writes already is told so; his fellow fibers are not. */
static void by_the_writer_himself(struct run *run)
{
	pthread_rwlock_t lock;

	rwlock_make(run, &lock, run->kind);
	code(run, "wrlock", enter(run)->pthread_rwlock_wrlock(&lock));
	take(run, &lock);
	took_no_wait(run);
	rwlock_unlock(run, &lock);
	take(run, &lock);
	rwlock_end(run, &lock);
}

struct counter {
	pthread_rwlock_t lock;
	long value;
	atomic_int torn; /* times that a reader saw a change */
};

enum { CROWD = 8, ROUNDS = 100 };

/* The value is odd only while somebody writes. */
static void read_value(struct mate *mate, struct counter *counter)
{
	mate->calls->pthread_rwlock_rdlock(&counter->lock);
	if (*(volatile long *)&counter->value % 2)
		atomic_fetch_add(&counter->torn, 1);
	mate->calls->sched_yield();
	if (*(volatile long *)&counter->value % 2)
		atomic_fetch_add(&counter->torn, 1);
	mate->calls->pthread_rwlock_unlock(&counter->lock);
}

static void write_value(struct mate *mate, struct counter *counter)
{
	mate->calls->pthread_rwlock_wrlock(&counter->lock);
	counter->value++;
	mate->calls->sched_yield();
	counter->value++;
	mate->calls->pthread_rwlock_unlock(&counter->lock);
}

/* The call under test, and the others around it. */
static void read_and_write(struct mate *mate)
{
	struct counter *counter = mate->arg;
	const struct rwlocking *verb = verb_of(mate->run);
	int i;

	for (i = 0; i < ROUNDS; i++) {
		read_value(mate, counter);
		if (i % 4 == 0)
			write_value(mate, counter);
		mate->outcome += verb->lock(mate->calls, &counter->lock);
		if (verb->writes)
			counter->value += 2;
		mate->outcome += mate->calls->pthread_rwlock_unlock(&counter->lock);
	}
}

/* Whoever they are, writers are alone. KIND is the lock's. */
static void mixed_crowd(struct run *run)
{
	static const int sorts[] = {OWN, OS_MIRRORS, OWN, OS_PLAIN};
	static struct counter counter;
	struct mate mates[CROWD];
	size_t i;

	counter.value = 0;
	rwlock_make(run, &counter.lock, run->kind);
	for (i = 0; i < CROWD; i++) {
		mates[i] = (struct mate){.act = read_and_write,
			.arg = &counter,
			.sort = sorts[i % COUNT(sorts)]};
		mate_start(run, &mates[i]);
	}
	for (i = 0; i < CROWD; i++) {
		mate_join(&mates[i]);
		check(run, mates[i].outcome == 0);
	}
	note(run, "counted %ld, torn %d", counter.value, atomic_load(&counter.torn));
	code(run, "destroy", run->calls->pthread_rwlock_destroy(&counter.lock));
}

/* --- another process ---------------------------------------------------------------- */

enum { TURNS = 20 };

struct shared {
	pthread_rwlock_t lock;
	atomic_int turn; /* odd: the child's to hold the lock */
};

/* It holds the lock, says so, and lets go when the parent has had the time to wait. */
static int hold_in_turn(struct shared *shared)
{
	int i;

	alarm(60);
	for (i = 0; i < TURNS; i++) {
		while (atomic_load(&shared->turn) != 2 * i)
			usleep(50);
		if (pthread_rwlock_wrlock(&shared->lock) != 0)
			return 1;
		atomic_store(&shared->turn, 2 * i + 1);
		usleep(200);
		if (pthread_rwlock_unlock(&shared->lock) != 0)
			return 1;
	}
	return 0;
}

/* It knows nothing of us. */
static void shared_with_a_process(struct run *run)
{
	struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_rwlockattr_t attr;
	int i, status = -1;
	pid_t child;

	pthread_rwlockattr_init(&attr);
	pthread_rwlockattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	check(run, run->calls->pthread_rwlock_init(&shared->lock, &attr) == 0);
	child = fork();
	if (child == 0)
		_exit(hold_in_turn(shared));
	for (i = 0; i < TURNS; i++) {
		while (atomic_load(&shared->turn) != 2 * i + 1)
			run->calls->usleep(50);
		check(run, verb_of(run)->lock(enter(run), &shared->lock) == 0);
		check(run, run->calls->pthread_rwlock_unlock(&shared->lock) == 0);
		atomic_store(&shared->turn, 2 * i + 2);
	}
	check(run, waitpid(child, &status, 0) == child && status == 0);
	code(run, "destroy", run->calls->pthread_rwlock_destroy(&shared->lock));
	munmap(shared, sizeof(*shared));
}

#define FOR_ALL_KINDS(text, body)                                                 \
	{text " (readers first)", body, PTHREAD_RWLOCK_PREFER_READER_NP},         \
		{text " (writers first)", body, PTHREAD_RWLOCK_PREFER_WRITER_NP}, \
	{                                                                         \
		text " (readers held off)", body,                                 \
			PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP              \
	}

void rwlocking_add(const struct rwlocking *verb)
{
	static const struct scenario scenarios[] = {
		{"nobody holds it", nobody_holds_it},
		{"errno is left alone", errno_is_left_alone},
		FOR_ALL_SORTS("a mate writes", a_mate_writes),
		FOR_ALL_SORTS("a mate reads", a_mate_reads),
		FOR_ALL_SORTS("a mate waits", a_mate_waits),
		FOR_ALL_KINDS("several wait", several_wait),
		FOR_ALL_KINDS("by the writer himself", by_the_writer_himself),
		FOR_ALL_KINDS("mixed crowd", mixed_crowd),
		{"shared with a process", shared_with_a_process, 0, PLAIN | ROOT},
	};

	suite_add(scenarios, COUNT(scenarios), verb);
}

/* --- deadlines ---------------------------------------------------------------------- */

static void take_until(
	struct run *run, pthread_rwlock_t *lock, clockid_t clock, struct timespec until)
{
	code(run, "lock until",
		verb_of(run)->lock_until(enter(run), lock, clock, &until));
}

/* KIND is the mate's sort. */
static void time_is_up(struct run *run)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
	struct rwholder holder = {.writes = true};
	struct timespec until;

	rwholder_start(run, &holder, &lock, run->kind);
	until = time_in(CLOCK_REALTIME, 30);
	take_until(run, &lock, CLOCK_REALTIME, until);
	took(run, 20);
	came_after(run, CLOCK_REALTIME, until);
	take_until(run, &lock, CLOCK_REALTIME, time_in(CLOCK_REALTIME, -1000));
	take_until(run, &lock, CLOCK_REALTIME, (struct timespec){0, 0});
	take_until(run, &lock, CLOCK_REALTIME, (struct timespec){-5, 0});
	rwholder_end(&holder);
	take_until(run, &lock, CLOCK_REALTIME, time_in(CLOCK_REALTIME, -1000));
	rwlock_end(run, &lock);
}

/* Times are looked at first, whoever has the lock. */
static void malformed_times(struct run *run)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
	const struct timespec bad = {1, 1000000000}, negative = {1, -1};

	take_until(run, &lock, CLOCK_REALTIME, bad);
	take_until(run, &lock, CLOCK_REALTIME, negative);
	code(run, "wrlock", enter(run)->pthread_rwlock_wrlock(&lock));
	take_until(run, &lock, CLOCK_REALTIME, bad);
	take_until(run, &lock, CLOCK_REALTIME, negative);
	take_until(run, &lock, CLOCK_REALTIME, time_in(CLOCK_REALTIME, -1000));
	rwlock_end(run, &lock);
}

void rwlocking_add_timed(const struct rwlocking *verb)
{
	static const struct scenario scenarios[] = {
		FOR_ALL_SORTS("time is up", time_is_up),
		{"malformed times", malformed_times},
	};

	rwlocking_add(verb);
	suite_add(scenarios, COUNT(scenarios), verb);
}
