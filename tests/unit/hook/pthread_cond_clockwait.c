/* pthread_cond_clockwait.c - pthread_cond_clockwait(3) through libc and through its
 * mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"
#include "harness/signpost.h"

#include <errno.h>

static void wait_until(
	struct run *run, struct signpost *post, clockid_t clock, struct timespec until)
{
	code(run, "lock", run->calls->pthread_mutex_lock(&post->mutex));
	code(run, "clockwait",
		enter(run)->pthread_cond_clockwait(
			&post->cond, &post->mutex, clock, &until));
	code(run, "trylock", run->calls->pthread_mutex_trylock(&post->mutex));
	code(run, "unlock", run->calls->pthread_mutex_unlock(&post->mutex));
}

/* The call's clock (KIND) counts, not the variable's. */
static void time_is_up(struct run *run)
{
	clockid_t other = run->kind == CLOCK_REALTIME ? CLOCK_MONOTONIC : CLOCK_REALTIME;
	struct signpost post;
	struct timespec until;

	signpost_init(run, &post, other);
	until = time_in(run->kind, 30);
	wait_until(run, &post, run->kind, until);
	came_after(run, run->kind, until);
	wait_until(run, &post, run->kind, time_in(run->kind, -30));
	wait_until(run, &post, run->kind, (struct timespec){-5, 0});
	signpost_fini(run, &post);
}

static void wait_on_the_clock(struct mate *mate)
{
	struct signpost *post = mate->arg;

	mate->calls->pthread_mutex_lock(&post->mutex);
	mate_enter(mate);
	mate->outcome = mate->calls->pthread_cond_clockwait(
		&post->cond, &post->mutex, CLOCK_MONOTONIC, &post->until);
	mate_leave(mate, mate->outcome);
	mate->calls->pthread_mutex_unlock(&post->mutex);
}

static void in_time(struct run *run)
{
	struct signpost post;
	struct mate mate = {.act = wait_on_the_clock, .arg = &post, .sort = run->kind};

	signpost_init(run, &post, CLOCK_REALTIME);
	post.until = time_in(CLOCK_MONOTONIC, 60000);
	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	signpost_signal(run->calls, &post, 1);
	mate_join(&mate);
	note(run, "mate: %s", error_name((int)mate.outcome));
	signpost_fini(run, &post);
}

static void what_is_bad(struct run *run)
{
	struct signpost post;

	signpost_init(run, &post, CLOCK_REALTIME);
	wait_until(run, &post, CLOCK_MONOTONIC, (struct timespec){1, 1000000000});
	wait_until(run, &post, CLOCK_PROCESS_CPUTIME_ID, (struct timespec){1, 0});
	took_no_wait(run);
	signpost_fini(run, &post);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"time is up (realtime)", time_is_up, CLOCK_REALTIME},
		{"time is up (monotonic)", time_is_up, CLOCK_MONOTONIC},
		FOR_ALL_SORTS("in time", in_time),
		{"what is bad", what_is_bad},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_cond_clockwait");
}
