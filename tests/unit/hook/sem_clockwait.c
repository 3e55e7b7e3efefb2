/* sem_clockwait.c - sem_clockwait(3) through libc and through its mirror. */
#include "harness/scenario.h"
#include "harness/taking.h"

/* The time is not on the stack: AddressSanitizer of gcc 12 finds fault with what frames
 * leave there when libc unwinds them to end a thread. */
static int take(const struct calls *calls, sem_t *sem)
{
	static _Thread_local struct timespec until;

	until = time_in(CLOCK_MONOTONIC, 60000);
	return calls->sem_clockwait(sem, CLOCK_MONOTONIC, &until);
}

static void take_until(
	struct run *run, sem_t *sem, clockid_t clock, struct timespec until)
{
	result(run, "clockwait", enter(run)->sem_clockwait(sem, clock, &until));
}

/* KIND is the clock. */
static void time_is_up(struct run *run)
{
	struct timespec until = time_in(run->kind, 30);
	sem_t sem;

	sem_make(run, &sem, 0);
	take_until(run, &sem, run->kind, until);
	took(run, 20);
	came_after(run, run->kind, until);
	take_until(run, &sem, run->kind, time_in(run->kind, -1000));
	take_until(run, &sem, run->kind, (struct timespec){-5, 0});
	note_count(run, &sem);
}

/* Clocks and times are looked at even when there is something to take. */
static void bad_arguments(struct run *run)
{
	static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC,
		CLOCK_BOOTTIME, CLOCK_PROCESS_CPUTIME_ID, 99, -1};
	sem_t sem;
	size_t i;

	sem_make(run, &sem, 3);
	for (i = 0; i < COUNT(clocks); i++) {
		take_until(run, &sem, clocks[i], (struct timespec){1, 1000000000});
		take_until(run, &sem, clocks[i], (struct timespec){1, -1});
		take_until(run, &sem, clocks[i], (struct timespec){1, 0});
		took_no_wait(run);
		note_count(run, &sem);
	}
}

int main(void)
{
	static const struct taking verb = {take};
	static const struct scenario scenarios[] = {
		{"time is up (realtime)", time_is_up, CLOCK_REALTIME},
		{"time is up (monotonic)", time_is_up, CLOCK_MONOTONIC},
		{"bad arguments", bad_arguments},
	};

	taking_add(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("sem_clockwait");
}
