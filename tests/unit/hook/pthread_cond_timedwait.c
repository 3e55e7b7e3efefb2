/* pthread_cond_timedwait.c - pthread_cond_timedwait(3) through libc and through its
 * mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"
#include "harness/signpost.h"

#include <errno.h>

static void wait_until(struct run *run, struct signpost *post, struct timespec until)
{
	code(run, "lock", run->calls->pthread_mutex_lock(&post->mutex));
	code(run, "timedwait",
		enter(run)->pthread_cond_timedwait(&post->cond, &post->mutex, &until));
	code(run, "trylock", run->calls->pthread_mutex_trylock(&post->mutex));
	code(run, "unlock", run->calls->pthread_mutex_unlock(&post->mutex));
}

/* KIND is the clock. */
static void time_is_up(struct run *run)
{
	struct signpost post;
	struct timespec until;

	signpost_init(run, &post, run->kind);
	until = time_in(run->kind, 30);
	wait_until(run, &post, until);
	came_after(run, run->kind, until);
	wait_until(run, &post, time_in(run->kind, -30));
	wait_until(run, &post, (struct timespec){0, 0});
	wait_until(run, &post, (struct timespec){-5, 0});
	signpost_fini(run, &post);
}

static void in_time(struct run *run)
{
	struct signpost post;
	struct mate mate = {.act = signpost_wait_until, .arg = &post, .sort = run->kind};

	signpost_init(run, &post, CLOCK_MONOTONIC);
	post.until = time_in(CLOCK_MONOTONIC, 60000);
	mate_start(run, &mate);
	check(run, mate_blocked(&mate));
	signpost_signal(run->calls, &post, 1);
	mate_join(&mate);
	note(run, "mate: %s", error_name((int)mate.outcome));
	signpost_fini(run, &post);
}

/* One whose time is up takes nobody's signal away. */
static void the_late_one_takes_nothing(struct run *run)
{
	struct signpost post;
	struct mate hasty = {.act = signpost_wait_until, .arg = &post};
	struct mate patient = {.act = signpost_wait, .arg = &post, .sort = run->kind};

	signpost_init(run, &post, CLOCK_MONOTONIC);
	post.until = time_in(CLOCK_MONOTONIC, 20);
	mate_start(run, &hasty);
	mate_start(run, &patient);
	check(run, mate_blocked(&patient));
	mate_join(&hasty);
	signpost_signal(run->calls, &post, 1);
	mate_join(&patient);
	note(run, "hasty: %s, patient: %s, through %d", error_name((int)hasty.outcome),
		error_name((int)patient.outcome), post.through);
	signpost_fini(run, &post);
}

/* The mutex is taken again even when time is up: whoever holds it is waited for. */
static void hold_while_time_passes(struct mate *mate)
{
	struct signpost *post = mate->arg;
	struct timespec span = {0, 40 * 1000000};

	spot_blocked(mate->run, &mate->run->spot);
	mate->calls->pthread_mutex_lock(&post->mutex);
	mate->calls->nanosleep(&span, NULL);
	post->through = 1;
	mate->calls->pthread_mutex_unlock(&post->mutex);
}

static void mutex_is_taken_again(struct run *run)
{
	struct signpost post;
	struct mate mate = {
		.act = hold_while_time_passes, .arg = &post, .sort = run->kind};
	struct timespec until;

	signpost_init(run, &post, CLOCK_MONOTONIC);
	code(run, "lock", run->calls->pthread_mutex_lock(&post.mutex));
	spot_reset(&run->spot);
	mate_start(run, &mate);
	until = time_in(CLOCK_MONOTONIC, 20);
	code(run, "timedwait",
		enter(run)->pthread_cond_timedwait(&post.cond, &post.mutex, &until));
	came_after(run, CLOCK_MONOTONIC, until);
	code(run, "unlock", run->calls->pthread_mutex_unlock(&post.mutex));
	mate_join(&mate);
	signpost_fini(run, &post);
}

static void malformed_times(struct run *run)
{
	struct signpost post;

	signpost_init(run, &post, CLOCK_REALTIME);
	wait_until(run, &post, (struct timespec){1, 1000000000});
	wait_until(run, &post, (struct timespec){1, -1});
	took_no_wait(run);
	signpost_fini(run, &post);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"time is up (realtime)", time_is_up, CLOCK_REALTIME},
		{"time is up (monotonic)", time_is_up, CLOCK_MONOTONIC},
		FOR_ALL_SORTS("in time", in_time),
		FOR_ALL_SORTS("the late one takes nothing", the_late_one_takes_nothing),
		{"mutex is taken again", mutex_is_taken_again},
		{"malformed times", malformed_times},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_cond_timedwait");
}
