/* sem_timedwait.c - sem_timedwait(3) through libc and through its mirror. */
#include "harness/scenario.h"
#include "harness/taking.h"

/* The time is not on the stack: AddressSanitizer of gcc 12 finds fault with what frames
 * leave there when libc unwinds them to end a thread. */
static int take(const struct calls *calls, sem_t *sem)
{
	static _Thread_local struct timespec until;

	until = time_in(CLOCK_REALTIME, 60000);
	return calls->sem_timedwait(sem, &until);
}

static void take_until(struct run *run, sem_t *sem, struct timespec until)
{
	result(run, "timedwait", enter(run)->sem_timedwait(sem, &until));
}

static void time_is_up(struct run *run)
{
	struct timespec until = time_in(CLOCK_REALTIME, 30);
	sem_t sem;

	sem_make(run, &sem, 0);
	take_until(run, &sem, until);
	took(run, 20);
	came_after(run, CLOCK_REALTIME, until);
	take_until(run, &sem, time_in(CLOCK_REALTIME, -1000));
	take_until(run, &sem, (struct timespec){0, 0});
	take_until(run, &sem, (struct timespec){-5, 0});
	note_count(run, &sem);
}

/* With something to take, time that has passed does not matter. */
static void late_but_there_is_one(struct run *run)
{
	sem_t sem;

	sem_make(run, &sem, 2);
	take_until(run, &sem, time_in(CLOCK_REALTIME, -1000));
	take_until(run, &sem, (struct timespec){-5, 0});
	took_no_wait(run);
	note_count(run, &sem);
}

static void malformed_times(struct run *run)
{
	const struct timespec bad = {1, 1000000000}, negative = {1, -1};
	sem_t sem;
	unsigned i;

	for (i = 0; i < 2; i++) {
		sem_make(run, &sem, i);
		take_until(run, &sem, bad);
		take_until(run, &sem, negative);
		took_no_wait(run);
		note_count(run, &sem);
	}
}

int main(void)
{
	static const struct taking verb = {take};
	static const struct scenario scenarios[] = {
		{"time is up", time_is_up},
		{"late, but there is one", late_but_there_is_one},
		{"malformed times", malformed_times},
	};

	taking_add(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("sem_timedwait");
}
