/* fibers - the API of cohook.h in one sitting: spawn, deadlines, cancel, a libuv timer.
 *
 *	fibers
 *
 * Unlike the other examples it asks for cohook by name and cannot be built without it.
 * Its blocking calls are plain all the same: cohook-cc makes them wait cooperatively. */
#include "cohook/cohook.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

static void check(const char *what, int result)
{
	if (result == 0)
		return;
	fprintf(stderr, "fibers: %s: %s\n", what, strerror(-result));
	exit(1);
}

static co_fiber *spawn(const char *name, void *(*entry)(void *), void *argument)
{
	const struct co_fiber_attr attr = {.name = name};
	co_fiber *fiber;

	check("spawn", co_fiber_spawn(&fiber, &attr, entry, argument));
	return fiber;
}

static void *nap(void *argument)
{
	unsigned ms = *(const unsigned *)argument;

	usleep(ms * 1000);
	printf("slept %u ms\n", ms);
	return argument;
}

/* Three sleep at the same time, so the shortest comes first whatever the order of birth.
 */
static void sleepers(void)
{
	unsigned ms[] = {90, 30, 60};
	co_fiber *fibers[3];

	for (int i = 0; i < 3; i++)
		fibers[i] = spawn("sleeper", nap, &ms[i]);
	for (int i = 0; i < 3; i++) {
		void *result;

		check("join", co_fiber_join(fibers[i], &result));
		if (result != &ms[i])
			check("the result of a fiber", -EINVAL);
	}
}

static void *read_one(void *argument)
{
	char byte;
	ssize_t n = read(*(const int *)argument, &byte, 1);

	printf("read: %s\n", n < 0 ? strerror(errno) : n ? "a byte" : "end of file");
	return NULL;
}

static void *read_for_a_while(void *argument)
{
	struct co_deadline deadline;

	check("deadline", co_deadline_enter(&deadline, 50 * 1000 * 1000));
	read_one(argument);
	co_deadline_leave(&deadline);
	return NULL;
}

/* The same wait ended in three ways: by a deadline, by another fiber, by the event
 * itself. */
static void waits(void)
{
	int ends[2];

	if (pipe(ends) < 0)
		check("pipe", -errno);
	check("join", co_fiber_join(spawn("impatient", read_for_a_while, ends), NULL));

	co_fiber *waiter = spawn("waiter", read_one, ends);

	co_fiber_yield(); /* so that it is waiting by now */
	co_fiber_cancel(waiter);
	check("join", co_fiber_join(waiter, NULL));

	waiter = spawn("reader", read_one, ends);
	co_fiber_yield();
	if (write(ends[1], "!", 1) != 1)
		check("write", -errno);
	check("join", co_fiber_join(waiter, NULL));
	close(ends[0]);
	close(ends[1]);
}

struct ticker {
	uv_timer_t timer;
	int ticks, pipe;
};

static void closed(uv_handle_t *handle)
{
	const struct ticker *t = handle->data;

	close(t->pipe);
}

static void tick(uv_timer_t *timer)
{
	struct ticker *t = timer->data;

	printf("tick %d\n", ++t->ticks);
	if (t->ticks == 3)
		uv_close((uv_handle_t *)timer, closed);
}

/* The program's own libuv handle runs on the worker's loop while its fibers wait. */
static void loop(void)
{
	struct ticker ticker = {.ticks = 0};
	int ends[2];

	if (pipe(ends) < 0)
		check("pipe", -errno);
	ticker.pipe = ends[1];
	ticker.timer.data = &ticker;
	check("timer", uv_timer_init(co_loop(), &ticker.timer));
	check("timer", uv_timer_start(&ticker.timer, tick, 10, 10));
	check("join", co_fiber_join(spawn("listener", read_one, ends), NULL));
	close(ends[0]);
}

int main(void)
{
	printf("cohook %s\n", co_version());
	sleepers();
	waits();
	loop();
	return 0;
}
