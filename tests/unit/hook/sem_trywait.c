/* sem_trywait.c - sem_trywait(3) through libc and through its mirror. */
#include "harness/scenario.h"
#include "harness/taking.h"

static void try(struct run *run, sem_t *sem)
{
	result(run, "trywait", enter(run)->sem_trywait(sem));
	took_no_wait(run);
}

static void as_many_as_there_are(struct run *run)
{
	sem_t sem;

	sem_make(run, &sem, 2);
	try(run, &sem);
	try(run, &sem);
	try(run, &sem);
	note_count(run, &sem);
	check(run, run->calls->sem_post(&sem) == 0);
	try(run, &sem);
	try(run, &sem);
}

static void post_once(struct mate *mate)
{
	mate->outcome = mate->calls->sem_post(mate->arg);
}

/* A loop around it lets the others run, or nobody would ever post. */
static void a_loop_around_it_ends(struct run *run)
{
	struct mate mate = {.act = post_once, .sort = run->kind};
	sem_t sem;

	sem_make(run, &sem, 0);
	mate.arg = &sem;
	mate_start(run, &mate);
	while (run->calls->sem_trywait(&sem) < 0)
		;
	mate_join(&mate);
	note(run, "mate: %ld", mate.outcome);
	note_count(run, &sem);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"as many as there are", as_many_as_there_are},
		FOR_ALL_SORTS("a loop around it ends", a_loop_around_it_ends),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("sem_trywait");
}
