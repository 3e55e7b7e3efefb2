/* sem_post.c - sem_post(3) through libc and through its mirror. */
#include "harness/scenario.h"
#include "harness/taking.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>

static void post(struct run *run, sem_t *sem)
{
	result(run, "post", enter(run)->sem_post(sem));
	took_no_wait(run);
	note_count(run, sem);
}

static void nobody_waits(struct run *run)
{
	sem_t sem;

	sem_make(run, &sem, 0);
	post(run, &sem);
	post(run, &sem);
}

static void no_more_than_the_most(struct run *run)
{
	sem_t sem;

	sem_make(run, &sem, INT_MAX);
	post(run, &sem);
}

static void errno_is_left_alone(struct run *run)
{
	sem_t sem;

	sem_make(run, &sem, 0);
	errno = ENOTTY;
	run->calls->sem_post(&sem);
	note(run, "errno %s", error_name(errno));
}

static void wait_for_it(struct mate *mate)
{
	mate->outcome = mate_leave(mate, mate_enter(mate)->sem_wait(mate->arg));
}

/* Each post lets one through and no more. */
static void one_for_each(struct run *run)
{
	struct mate mates[3];
	sem_t sem;
	int i;

	sem_make(run, &sem, 0);
	for (i = 0; i < 3; i++) {
		mates[i] =
			(struct mate){.act = wait_for_it, .arg = &sem, .sort = run->kind};
		mate_start(run, &mates[i]);
		check(run, mate_blocked(&mates[i]));
	}
	for (i = 0; i < 3; i++) {
		check(run, run->calls->sem_post(&sem) == 0);
		while (atomic_load(&mates[0].done) + atomic_load(&mates[1].done) +
				atomic_load(&mates[2].done) <=
			i)
			run->calls->sched_yield();
		note_count(run, &sem);
	}
	for (i = 0; i < 3; i++)
		mate_join(&mates[i]);
}

static struct run *handlers_run;
static sem_t handlers_sem;

static void post_twice(int signo)
{
	(void)signo;
	errno = 0;
	handlers_run->calls->sem_post(&handlers_sem);
	handlers_run->calls->sem_post(&handlers_sem);
}

/* From a handler it reaches those who wait. */
static void in_a_handler(struct run *run)
{
	const struct sigaction action = {.sa_handler = post_twice};
	struct mate mates[2];
	int i;

	handlers_run = run;
	sem_make(run, &handlers_sem, 0);
	check(run, run->calls->sigaction(SIGUSR1, &action, NULL) == 0);
	for (i = 0; i < 2; i++) {
		mates[i] = (struct mate){
			.act = wait_for_it, .arg = &handlers_sem, .sort = run->kind};
		mate_start(run, &mates[i]);
		check(run, mate_blocked(&mates[i]));
	}
	check(run, raise(SIGUSR1) == 0);
	for (i = 0; i < 2; i++) {
		mate_join(&mates[i]);
		note(run, "mate: %ld", mates[i].outcome);
	}
	note_count(run, &handlers_sem);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"nobody waits", nobody_waits},
		{"no more than the most", no_more_than_the_most},
		{"errno is left alone", errno_is_left_alone},
		FOR_ALL_SORTS("one for each", one_for_each),
		FOR_ALL_SORTS("in a handler", in_a_handler),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("sem_post");
}
