/* flock.c - flock(2) through libc and through its mirror. */
#include "harness/filelocking.h"
#include "harness/mate.h"
#include "harness/scenario.h"

static int lock(struct run *run, int fd)
{
	return (int)result(run, "flock", enter(run)->flock(fd, LOCK_EX));
}

static int hold(int fd)
{
	return flock(fd, LOCK_EX);
}

static int attempt(int fd)
{
	return flock(fd, LOCK_EX | LOCK_NB);
}

static int lock_as(const struct calls *calls, int fd)
{
	return calls->flock(fd, LOCK_EX);
}

static void try_it(struct run *run, int fd, int operation)
{
	result(run, "flock", enter(run)->flock(fd, operation));
	took_no_wait(run);
}

/* Two descriptions of one file, in one process. */
static void shared_and_exclusive(struct run *run)
{
	struct lockfile file = lockfile_make(run);
	int other = keep(run, run->calls->open(file.path, O_RDWR));
	int copy = keep(run, run->calls->dup(file.fd));

	try_it(run, file.fd, LOCK_SH);
	try_it(run, other, LOCK_SH);
	try_it(run, other, LOCK_EX | LOCK_NB);
	try_it(run, file.fd, LOCK_UN);
	try_it(run, file.fd, LOCK_EX);
	try_it(run, copy, LOCK_EX);
	try_it(run, other, LOCK_SH | LOCK_NB);
	try_it(run, copy, LOCK_UN);
	try_it(run, other, LOCK_SH | LOCK_NB);
	lockfile_remove(run, &file);
}

struct other {
	struct mate mate;
	int fd;
};

static void locks(struct mate *mate)
{
	const struct other *o = mate->arg;

	mate->outcome = mate_leave(mate, mate_enter(mate)->flock(o->fd, LOCK_EX));
}

/* A neighbour waits for what this fiber has, until it lets go. */
static void handed_over(struct run *run, int how)
{
	struct lockfile file = lockfile_make(run);
	struct other o = {.mate = {.act = locks, .arg = &o}};

	o.fd = keep(run, run->calls->open(file.path, O_RDWR));
	try_it(run, file.fd, LOCK_EX);
	mate_start(run, &o.mate);
	check(run, mate_blocked(&o.mate));
	if (how == LOCK_UN) {
		try_it(run, file.fd, LOCK_UN);
	} else {
		let_go(run, file.fd);
		check(run, run->calls->close(file.fd) == 0);
	}
	mate_join(&o.mate);
	note(run, "the other: %ld", o.mate.outcome);
	lockfile_remove(run, &file);
}

static void handed_over_by_unlocking(struct run *run)
{
	handed_over(run, LOCK_UN);
}

static void handed_over_by_closing(struct run *run)
{
	handed_over(run, 0);
}

/* It is no cancellation point. */
static void not_cancelled(struct run *run)
{
	struct lockfile file = lockfile_make(run);
	struct other o = {.mate = {.act = locks, .arg = &o}};

	o.fd = keep(run, run->calls->open(file.path, O_RDWR));
	try_it(run, file.fd, LOCK_EX);
	mate_start(run, &o.mate);
	check(run, mate_blocked(&o.mate));
	check(run, run->calls->pthread_cancel(o.mate.thread) == 0);
	try_it(run, file.fd, LOCK_UN);
	mate_join(&o.mate);
	note(run, "the other: %ld", o.mate.outcome);
	lockfile_remove(run, &file);
}

static void malformed(struct run *run)
{
	struct lockfile file = lockfile_make(run);

	try_it(run, file.fd, 0);
	try_it(run, file.fd, 99);
	try_it(run, file.fd, LOCK_NB);
	try_it(run, -1, LOCK_UN);
	lockfile_remove(run, &file);
}

int main(void)
{
	static const struct filelocking verb = {lock, hold, attempt, lock_as};
	static const struct scenario scenarios[] = {
		{"shared and exclusive", shared_and_exclusive},
		{"handed over by unlocking", handed_over_by_unlocking},
		{"handed over by closing", handed_over_by_closing},
		{"not cancelled", not_cancelled},
		{"malformed", malformed},
	};

	filelocking_add(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("flock");
}
