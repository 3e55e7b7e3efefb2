/* loop.c - co_loop(): a program's own libuv handles beside fibers. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"

#include <uv.h>

static uv_loop_t *loop(void)
{
	uv_loop_t *l = co_loop();

	assert_non_null(l);
	return l;
}

/* What a callback leaves for a fiber, which waits for it on a pipe. */
struct told {
	int fds[2];
	int count;
	uint64_t at;
	void *self; /* co_fiber_self() in the callback */
};

static void told_init(struct told *t)
{
	*t = (struct told){.self = t};
	must(co_pipe(t->fds) == 0);
}

static void tell(struct told *t)
{
	t->count++;
	t->at = monotonic();
	t->self = co_fiber_self();
	must(co_write(t->fds[1], "x", 1) == 1);
}

static void await(struct told *t)
{
	char byte;

	must(co_read(t->fds[0], &byte, 1) == 1);
}

static void told_fini(struct told *t)
{
	co_close(t->fds[0]);
	co_close(t->fds[1]);
}

static void closed(uv_handle_t *handle)
{
	tell(handle->data);
}

static void close_handle(void *handle)
{
	uv_handle_t *h = handle;

	uv_close(h, closed);
	await(h->data);
}

/* --- each kind of handle ----------------------------------------------------------- */

static void timer_rings(uv_timer_t *timer)
{
	tell(timer->data);
}

static void timers_ring_in_time(void **state)
{
	struct told told;
	uv_timer_t timer = {.data = &told};
	uint64_t begun;

	(void)state;
	told_init(&told);
	must(uv_timer_init(loop(), &timer) == 0);
	uv_update_time(loop());
	begun = monotonic();
	must(uv_timer_start(&timer, timer_rings, 20, 10) == 0);
	await(&told);
	assert_null(told.self);
	assert_true(
		told.at + MS >= begun + 20 * MS); /* libuv counts whole milliseconds */
	assert_in_range(told.at, begun + 19 * MS, begun + 5000 * MS);
	await(&told);
	await(&told);
	assert_int_equal(told.count, 3);
	assert_true(told.at + MS >= begun + 40 * MS);
	close_handle(&timer);
	told_fini(&told);
}

static void *sleep_long(void *arg)
{
	must(co_usleep(*(unsigned *)arg) == 0);
	return arg;
}

/* A fiber's far deadline keeps no timer of libuv's waiting, nor the other way round. */
static void timers_of_both_kinds_do_not_wait_for_each_other(void **state)
{
	static unsigned far = 400 * 1000, near = 3000;
	struct told told;
	uv_timer_t timer = {.data = &told};
	co_fiber *sleeper;
	uint64_t begun = monotonic();

	(void)state;
	told_init(&told);
	sleeper = spawn(sleep_long, &far);
	must(uv_timer_init(loop(), &timer) == 0);
	uv_update_time(loop());
	must(uv_timer_start(&timer, timer_rings, 15, 0) == 0);
	await(&told);
	assert_true(waits(sleeper));
	must(uv_timer_start(&timer, timer_rings, 100000, 0) == 0);
	join(spawn(sleep_long, &near));
	assert_true(waits(sleeper));
	join(sleeper);
	assert_true(monotonic() - begun >= 400 * MS);
	assert_int_equal(told.count, 1);
	close_handle(&timer);
	told_fini(&told);
}

static void async_rings(uv_async_t *async)
{
	tell(async->data);
}

static void *ring(void *arg)
{
	must(uv_async_send(arg) == 0);
	return NULL;
}

static void async_handles_wake_the_worker(void **state)
{
	struct told told;
	uv_async_t async;

	(void)state;
	told_init(&told);
	must(uv_async_init(loop(), &async, async_rings) == 0);
	async.data = &told;
	for (int i = 0; i < 200; i++) {
		pthread_t thread;
		must(pthread_create(&thread, NULL, ring, &async) == 0);
		await(&told);
		must(pthread_join(thread, NULL) == 0);
	}
	assert_int_equal(told.count, 200);
	close_handle(&async);
	told_fini(&told);
}

static void work_on_the_pool(uv_work_t *work)
{
	struct told *told = work->data;

	must(co_fiber_self() == NULL);
	told->at = 42;
}

static void work_is_done(uv_work_t *work, int status)
{
	must(status == 0);
	must(((struct told *)work->data)->at == 42);
	tell(work->data);
}

static void the_pool_serves_the_program(void **state)
{
	struct told told;
	uv_work_t work[8];

	(void)state;
	told_init(&told);
	for (size_t i = 0; i < COUNT(work); i++) {
		work[i].data = &told;
		told.at = 42;
		must(uv_queue_work(loop(), &work[i], work_on_the_pool, work_is_done) ==
			0);
		await(&told);
	}
	assert_int_equal(told.count, COUNT(work));
	told_fini(&told);
}

static void readable(uv_poll_t *poll, int status, int events)
{
	struct told *told = poll->data;
	char byte;

	must(status == 0 && events & UV_READABLE);
	must(read(poll->io_watcher.fd, &byte, 1) == 1);
	tell(told);
}

static void descriptors_are_watched(void **state)
{
	struct told told;
	uv_poll_t poll = {.data = &told};
	int ends[2];

	(void)state;
	told_init(&told);
	must(pipe(ends) == 0);
	must(uv_poll_init(loop(), &poll, ends[0]) == 0);
	must(uv_poll_start(&poll, UV_READABLE, readable) == 0);
	for (int i = 0; i < 3; i++) {
		must(write(ends[1], "x", 1) == 1);
		await(&told);
		assert_int_equal(told.count, i + 1);
	}
	close_handle(&poll);
	close(ends[0]);
	close(ends[1]);
	told_fini(&told);
}

static void idle_turn(uv_idle_t *idle)
{
	struct told *told = idle->data;

	if (++told->count == 100) {
		must(uv_idle_stop(idle) == 0);
		tell(told);
	}
}

static void idle_handles_turn_while_fibers_wait(void **state)
{
	struct told told;
	uv_idle_t idle = {.data = &told};

	(void)state;
	told_init(&told);
	must(uv_idle_init(loop(), &idle) == 0);
	must(uv_idle_start(&idle, idle_turn) == 0);
	await(&told);
	assert_int_equal(told.count, 101);
	close_handle(&idle);
	told_fini(&told);
}

/* --- callbacks and fibers ---------------------------------------------------------- */

static void *tell_in_a_fiber(void *arg)
{
	must(co_fiber_self() != NULL);
	must(co_usleep(1000) == 0);
	must(co_write(((struct told *)arg)->fds[1], "x", 1) == 1);
	return NULL;
}

static void spawn_for_it(uv_timer_t *timer)
{
	const struct co_fiber_attr detached = {.detached = 1};
	struct co_deadline d;

	must(co_fiber_self() == NULL);
	co_fiber_yield(); /* there is nobody to yield */
	must(co_deadline_enter(&d, 1) == -EPERM);
	co_deadline_leave(&d);
	must(co_usleep(1000) == 0); /* plainly */
	must(co_fiber_spawn(NULL, &detached, tell_in_a_fiber, timer->data) == 0);
}

static void callbacks_are_no_fibers_but_make_some(void **state)
{
	struct told told;
	uv_timer_t timer = {.data = &told};

	(void)state;
	told_init(&told);
	must(uv_timer_init(loop(), &timer) == 0);
	must(uv_timer_start(&timer, spawn_for_it, 1, 0) == 0);
	await(&told);
	close_handle(&timer);
	told_fini(&told);
}

static void *yield_until(void *arg)
{
	while (!*(volatile int *)arg)
		co_fiber_yield();
	return NULL;
}

static void busy_fibers_do_not_keep_handles_out(void **state)
{
	struct told told;
	uv_timer_t timer = {.data = &told};
	co_fiber *busy[3];

	(void)state;
	told_init(&told);
	must(uv_timer_init(loop(), &timer) == 0);
	must(uv_timer_start(&timer, timer_rings, 2, 0) == 0);
	for (size_t i = 0; i < COUNT(busy); i++)
		busy[i] = spawn(yield_until, &told.count);
	for (size_t i = 0; i < COUNT(busy); i++)
		join(busy[i]);
	close_handle(&timer);
	told_fini(&told);
}

static void *own_loop(void *arg)
{
	static struct told told;
	static uv_timer_t timer = {.data = &told}; /* outlives the function */
	uv_loop_t *mine = loop();

	must(mine != arg && mine == co_loop());
	told_init(&told);
	must(uv_timer_init(mine, &timer) == 0);
	must(uv_timer_start(&timer, timer_rings, 1, 0) == 0);
	await(&told);
	told_fini(&told);
	return NULL; /* with a handle left open: the worker closes it */
}

static void each_worker_has_its_own(void **state)
{
	pthread_t thread;

	(void)state;
	assert_ptr_equal(loop(), loop());
	must(pthread_create(&thread, NULL, own_loop, loop()) == 0);
	must(pthread_join(thread, NULL) == 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(timers_ring_in_time),
		cmocka_unit_test(timers_of_both_kinds_do_not_wait_for_each_other),
		cmocka_unit_test(async_handles_wake_the_worker),
		cmocka_unit_test(the_pool_serves_the_program),
		cmocka_unit_test(descriptors_are_watched),
		cmocka_unit_test(idle_handles_turn_while_fibers_wait),
		cmocka_unit_test(callbacks_are_no_fibers_but_make_some),
		cmocka_unit_test(busy_fibers_do_not_keep_handles_out),
		cmocka_unit_test(each_worker_has_its_own),
	};

	return RUN(tests);
}
