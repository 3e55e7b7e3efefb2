/* handlers.c - signal handlers: mirrors in them are plain calls, and after one that was
 * left by a jump they are what they were. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>

static sigjmp_buf back;
static atomic_int ran;

static void handle(int signo, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	sigemptyset(&action.sa_mask);
	must(co_sigaction(signo, &action, NULL) == 0);
}

static void jump(int signo)
{
	atomic_fetch_add(&ran, 1);
	siglongjmp(back, signo);
}

static void *count(void *arg)
{
	for (;;) {
		++*(volatile unsigned long *)arg;
		co_fiber_yield();
	}
	return NULL;
}

static volatile unsigned long ticks;

static void start_ticking(void)
{
	spawn(count, (void *)&ticks);
	co_fiber_yield();
	must(ticks > 0);
}

/* Mirrors park: others run while they wait. */
static void mirrors_park(void)
{
	unsigned long before = ticks;
	uint64_t begun = monotonic();

	must(co_usleep(2000) == 0);
	must(monotonic() - begun >= 2 * MS);
	must(ticks > before);
	before = ticks;
	must(co_poll(NULL, 0, 2) == 0);
	must(ticks > before);
}

/* --- in handlers ------------------------------------------------------------------- */

static void use_mirrors(int signo)
{
	unsigned long before = ticks;
	co_fiber *fiber = NULL;
	int fds[2];
	char byte;

	(void)signo;
	must(co_fiber_self() == NULL);
	must(co_usleep(2000) == 0);
	must(co_poll(NULL, 0, 1) == 0);
	must(co_sched_yield() == 0);
	co_fiber_yield();
	must(co_pipe(fds) == 0);
	must(co_write(fds[1], "x", 1) == 1);
	must(co_read(fds[0], &byte, 1) == 1);
	must(co_close(fds[0]) == 0 && co_close(fds[1]) == 0);
	must(co_fiber_spawn(&fiber, NULL, count, NULL) == -EPERM);
	must(ticks == before);
	atomic_fetch_add(&ran, 1);
}

static void *raise_in_fiber(void *arg)
{
	must(raise(SIGUSR1) == 0);
	must(co_fiber_self() != NULL);
	mirrors_park();
	return arg;
}

static void plain(void *arg)
{
	start_ticking();
	handle(SIGUSR1, use_mirrors, (int)(intptr_t)arg);
	must(raise(SIGUSR1) == 0);
	mirrors_park();
	join(spawn(raise_in_fiber, NULL));
	must(atomic_load(&ran) == 2);
	mirrors_park();
}

static void mirrors_are_plain_calls(void **state)
{
	(void)state;
	child_succeeds(plain, (void *)0);
	child_succeeds(plain, (void *)SA_RESTART);
	child_succeeds(plain, (void *)SA_NODEFER);
	child_succeeds(plain, (void *)SA_ONSTACK);
}

static void raise_another(int signo)
{
	(void)signo;
	must(raise(SIGUSR1) == 0); /* use_mirrors() */
	use_mirrors(0);
}

static void nested(void *arg)
{
	(void)arg;
	start_ticking();
	handle(SIGUSR1, use_mirrors, 0);
	handle(SIGUSR2, raise_another, 0);
	must(raise(SIGUSR2) == 0);
	must(atomic_load(&ran) == 2);
	mirrors_park();
}

static void nested_handlers_are_handlers(void **state)
{
	(void)state;
	child_succeeds(nested, NULL);
}

/* --- left by a jump ---------------------------------------------------------------- */

static void jump_out(void *arg)
{
	start_ticking();
	handle(SIGUSR1, jump, (int)(intptr_t)arg);
	for (int i = 0; i < 5; i++) {
		if (sigsetjmp(back, 1) == 0)
			raise(SIGUSR1);
		mirrors_park();
	}
	must(atomic_load(&ran) == 5);
}

static void after_a_jump_mirrors_park_again(void **state)
{
	(void)state;
	child_succeeds(jump_out, (void *)0);
	child_succeeds(jump_out, (void *)SA_NODEFER);
	child_succeeds(jump_out, (void *)SA_ONSTACK);
}

static void *jump_in_fiber(void *arg)
{
	for (int i = 0; i < 5; i++) {
		if (sigsetjmp(back, 1) == 0)
			raise(SIGUSR1);
		must(co_fiber_self() != NULL);
		mirrors_park();
	}
	return arg;
}

static void jump_out_in_fiber(void *arg)
{
	start_ticking();
	handle(SIGUSR1, jump, (int)(intptr_t)arg);
	join(spawn(jump_in_fiber, NULL));
	must(atomic_load(&ran) == 5);
	mirrors_park();
}

static void in_a_spawned_fiber_too(void **state)
{
	(void)state;
	child_succeeds(jump_out_in_fiber, (void *)0);
	child_succeeds(jump_out_in_fiber, (void *)SA_ONSTACK);
}

static unsigned __attribute__((noinline)) deep(unsigned levels)
{
	volatile char frame[256];

	frame[0] = (char)levels;
	if (levels == 0)
		raise(SIGUSR1);
	return levels == 0 ? 0 : deep(levels - 1) + (unsigned)frame[0];
}

/* The second handler runs above the place where the first one was left. */
static void jump_from_below(void *arg)
{
	start_ticking();
	handle(SIGUSR1, jump, 0);
	handle(SIGUSR2, use_mirrors, 0);
	if (sigsetjmp(back, 1) == 0)
		deep(200);
	must(raise(SIGUSR2) == 0);
	must(atomic_load(&ran) == 2);
	mirrors_park();
	(void)arg;
}

static void *jump_and_end(void *arg)
{
	if (sigsetjmp(back, 1) == 0)
		raise(SIGUSR1);
	return arg; /* without a call that would notice */
}

static void jump_in_one_fiber(void *arg)
{
	start_ticking();
	handle(SIGUSR1, jump, 0);
	handle(SIGUSR2, use_mirrors, 0);
	join(spawn(jump_and_end, arg));
	must(raise(SIGUSR2) == 0);
	mirrors_park();
	must(atomic_load(&ran) == 2);
}

static void the_next_handler_is_one_again(void **state)
{
	(void)state;
	child_succeeds(jump_from_below, NULL);
	child_succeeds(jump_in_one_fiber, NULL);
}

static void jump_before_all(void *arg)
{
	handle(SIGUSR1, jump, 0);
	if (sigsetjmp(back, 1) == 0)
		raise(SIGUSR1);
	start_ticking();
	mirrors_park();
	(void)arg;
}

static void a_thread_becomes_a_worker_after_a_jump(void **state)
{
	(void)state;
	child_succeeds(jump_before_all, NULL);
}

/* --- out of a call that waits ------------------------------------------------------ */

static void *signal_when_it_waits(void *arg)
{
	co_fiber *root = arg;

	until_waits(root);
	for (int i = 0; i < 100; i++)
		sched_yield();
	must(kill(getpid(), SIGUSR1) == 0);
	return NULL;
}

static void interrupt_soon(void)
{
	pthread_t thread;
	sigset_t usr1, before;

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &usr1, &before); /* the other thread inherits it */
	must(pthread_create(&thread, NULL, signal_when_it_waits, co__ctx.running) == 0);
	pthread_detach(thread);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* As with alarm(2): the way to bound a call that some programs know. (With other fibers
 * running the handler may interrupt one of those, as it may another thread: then there is
 * no way to jump from there.) */
static void leave_a_read(void *arg)
{
	int fds[2];
	char byte = 0;

	must(co_loop() != NULL);
	handle(SIGUSR1, jump, (int)(intptr_t)arg);
	must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	for (int i = 1; i <= 5; i++) {
		interrupt_soon();
		if (sigsetjmp(back, 1) == 0) {
			co_read(fds[0], &byte, 1);
			must(!"it came back");
		}
		must(atomic_load(&ran) == i);
		must(co_write(fds[1], "x", 1) == 1); /* nobody but us waits for it */
		must(co_read(fds[0], &byte, 1) == 1);
	}
	start_ticking();
	mirrors_park();
}

static void leave_other_waits(void *arg)
{
	struct pollfd pfd = {-1, POLLIN, 0};
	int fds[2];

	must(co_loop() != NULL);
	handle(SIGUSR1, jump, (int)(intptr_t)arg);
	must(co_pipe(fds) == 0);
	pfd.fd = fds[0];
	for (int i = 1; i <= 6; i++) {
		interrupt_soon();
		if (sigsetjmp(back, 1) == 0) {
			if (i % 2)
				co_sleep(100);
			else
				co_poll(&pfd, 1, -1);
			must(!"it came back");
		}
		must(atomic_load(&ran) == i);
		must(co_usleep(1000) == 0);
	}
	must(co_write(fds[1], "x", 1) == 1);
	must(co_poll(&pfd, 1, -1) == 1);
	start_ticking();
	mirrors_park();
}

static void a_call_that_waits_can_be_left(void **state)
{
	(void)state;
	child_succeeds(leave_a_read, (void *)0);
	child_succeeds(leave_a_read, (void *)SA_RESTART);
	child_succeeds(leave_other_waits, (void *)0);
}

/* --- storms ------------------------------------------------------------------------ */

static timer_t storm;

/* SIGUSR1, some thousand times a second. */
static void storm_begin(void)
{
	const struct itimerspec every = {{0, 40000}, {0, 40000}};
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};

	must(timer_create(CLOCK_MONOTONIC, &event, &storm) == 0);
	must(timer_settime(storm, 0, &every, NULL) == 0);
}

static void storm_end(void)
{
	must(timer_delete(storm) == 0);
}

static int spare[2];

static void copy_and_close(int signo)
{
	int error = errno, copy = co_dup(spare[0]);

	(void)signo;
	must(copy >= 0 && co_close(copy) == 0);
	must(co_fcntl(spare[0], F_SETFL, 0) == 0);
	atomic_fetch_add(&ran, 1);
	errno = error;
}

static void *open_and_close(void *arg)
{
	int fds[2];

	while (atomic_load(&ran) < 5000) {
		must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
		must(co_write(fds[0], "x", 1) == 1);
		must(co_read(fds[1], (char[1]){0}, 1) == 1);
		must(co_poll(&(struct pollfd){fds[0], POLLIN, 0}, 1, 1) >= -1);
		must(co_fcntl(spare[0], F_SETFL, 0) == 0);
		must(co_close(fds[0]) == 0 && co_close(fds[1]) == 0);
	}
	return arg;
}

/* close(2), dup(2) and fcntl(2) may be called from handlers, whatever was interrupted. */
static void descriptors_in_handlers(void *arg)
{
	struct sigaction action = {.sa_handler = copy_and_close, .sa_flags = SA_RESTART};
	co_fiber *fibers[3];

	must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, spare) == 0);
	must(co_loop() != arg);
	must(co_sigaction(SIGUSR1, &action, NULL) == 0);
	storm_begin();
	for (size_t i = 0; i < COUNT(fibers); i++)
		fibers[i] = spawn(open_and_close, NULL);
	for (size_t i = 0; i < COUNT(fibers); i++)
		join(fibers[i]);
	storm_end();
}

static void handlers_may_open_and_close(void **state)
{
	(void)state;
	child_succeeds(descriptors_in_handlers, NULL);
}

static void only_count(int signo)
{
	(void)signo;
	atomic_fetch_add(&ran, 1);
}

static void *give_back(void *arg)
{
	return arg;
}

static void *be_a_worker(void *arg)
{
	join(spawn(give_back, arg));
	return NULL;
}

static void *end_workers(void *arg)
{
	for (int i = 0; i < 400; i++) {
		pthread_t thread;
		must(pthread_create(&thread, NULL, be_a_worker, arg) == 0);
		must(pthread_join(thread, NULL) == 0);
	}
	return NULL;
}

/* Signals come to threads that are just becoming workers, and to those that just end. */
static void signals_to_short_lives(void *arg)
{
	sigset_t usr1;
	pthread_t thread;

	handle(SIGUSR1, only_count, SA_RESTART);
	must(pthread_create(&thread, NULL, end_workers, arg) == 0);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &usr1, NULL); /* the others get them */
	storm_begin();
	must(pthread_join(thread, NULL) == 0);
	storm_end();
	must(atomic_load(&ran) > 100);
}

static void threads_come_and_go_under_signals(void **state)
{
	(void)state;
	child_succeeds(signals_to_short_lives, NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(mirrors_are_plain_calls),
		cmocka_unit_test(nested_handlers_are_handlers),
		cmocka_unit_test(after_a_jump_mirrors_park_again),
		cmocka_unit_test(in_a_spawned_fiber_too),
		cmocka_unit_test(the_next_handler_is_one_again),
		cmocka_unit_test(a_thread_becomes_a_worker_after_a_jump),
		cmocka_unit_test(a_call_that_waits_can_be_left),
		cmocka_unit_test(handlers_may_open_and_close),
		cmocka_unit_test(threads_come_and_go_under_signals),
	};

	return RUN(tests);
}
