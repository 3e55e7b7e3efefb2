/* forking.c - what becomes of fibers, loops and locks on both sides of a fork. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"
#include "loop/loop.h"

#include <sys/mman.h>
#include <sys/socket.h>
#include <uv.h>

/* The child's exit status in the end; the alarm ends it before ours. */
static int child_status(pid_t pid)
{
	int status;

	must(pid > 0);
	must(waitpid(pid, &status, 0) == pid);
	return status;
}

/* --- in the child ------------------------------------------------------------------ */

static void *echo(void *arg)
{
	const int *fds = arg;
	char byte;

	for (int i = 0; i < 10; i++) {
		must(co_read(fds[0], &byte, 1) == 1);
		must(co_write(fds[0], &byte, 1) == 1);
	}
	return NULL;
}

static void talk_to_a_new_fiber(void)
{
	co_fiber *fiber;
	char byte;
	int fds[2];

	must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	fiber = spawn(echo, fds);
	for (int i = 0; i < 10; i++) {
		must(co_write(fds[1], "x", 1) == 1);
		must(co_read(fds[1], &byte, 1) == 1);
	}
	join(fiber);
	must(co_usleep(1000) == 0);
	must(co_poll(&(struct pollfd){fds[0], POLLIN, 0}, 1, 1) == 0);
	co_close(fds[0]);
	co_close(fds[1]);
}

static void timer_rings(uv_timer_t *timer)
{
	must(co_write(*(int *)timer->data, "t", 1) == 1);
}

static void run_a_handle(void)
{
	static int fds[2];
	static uv_timer_t timer = {.data = &fds[1]};
	char byte;

	must(co_pipe(fds) == 0);
	must(uv_timer_init(co_loop(), &timer) == 0);
	uv_update_time(co_loop());
	must(uv_timer_start(&timer, timer_rings, 1, 0) == 0);
	must(co_read(fds[0], &byte, 1) == 1 && byte == 't');
}

static void use_everything(void)
{
	talk_to_a_new_fiber();
	run_a_handle();
}

static void everything_works_after_a_fork_in_the_root_fiber(void **state)
{
	pid_t pid;

	(void)state;
	talk_to_a_new_fiber();
	pid = fork();
	if (pid == 0) {
		alarm(20);
		use_everything();
		_exit(3);
	}
	talk_to_a_new_fiber();
	assert_int_equal(child_status(pid), 3 << 8);
	use_everything();
}

static void *fork_and_use(void *arg)
{
	pid_t pid = fork();

	if (pid == 0) {
		alarm(20);
		use_everything();
		_exit(4);
	}
	talk_to_a_new_fiber();
	*(pid_t *)arg = pid;
	return NULL;
}

static void everything_works_after_a_fork_in_a_spawned_one(void **state)
{
	pid_t pid = 0;

	(void)state;
	join(spawn(fork_and_use, &pid));
	assert_int_equal(child_status(pid), 4 << 8);
}

static void *fork_and_return(void *arg)
{
	*(pid_t *)arg = fork();
	if (*(pid_t *)arg == 0) {
		alarm(20);
		must(co_usleep(1000) == 0);
	}
	return NULL;
}

/* Nothing but the fiber is there: when it has ended the process has. */
static void a_spawned_fibers_child_ends_with_it(void **state)
{
	pid_t pid = -1;

	(void)state;
	join(spawn(fork_and_return, &pid));
	assert_int_equal(child_status(pid), 0);
}

static void *fork_and_spawn(void *arg)
{
	pid_t pid = fork();

	if (pid > 0) {
		*(pid_t *)arg = pid;
		return NULL;
	}
	alarm(20);
	spawn(fork_and_return, arg); /* which forks again */
	return NULL;
}

static void it_ends_with_the_last_of_its_own(void **state)
{
	pid_t pid = -1;

	(void)state;
	join(spawn(fork_and_spawn, &pid));
	assert_int_equal(child_status(pid), 0);
}

static void *fork_thrice(void *arg)
{
	for (int depth = 0; depth < 3; depth++) {
		pid_t pid = fork();
		if (pid > 0)
			_exit(child_status(pid) == (depth == 2 ? 5 : 6) << 8 ? 6 : 1);
		alarm(20);
		talk_to_a_new_fiber();
	}
	_exit(*(int *)arg);
}

static void children_fork_in_turn(void **state)
{
	int last = 5;
	pid_t pid;

	(void)state;
	pid = fork();
	if (pid == 0) {
		join(spawn(fork_thrice, &last));
		_exit(1);
	}
	assert_int_equal(child_status(pid), 6 << 8);
}

static void *fork_in_a_thread(void *arg)
{
	pid_t pid = fork();

	if (pid == 0) {
		alarm(20);
		use_everything(); /* it becomes a worker now */
		_exit(7);
	}
	*(pid_t *)arg = pid;
	return NULL;
}

static void a_thread_without_fibers_forks(void **state)
{
	pthread_t thread;
	pid_t pid = 0;

	(void)state;
	must(pthread_create(&thread, NULL, fork_in_a_thread, &pid) == 0);
	must(pthread_join(thread, NULL) == 0);
	assert_int_equal(child_status(pid), 7 << 8);
}

/* --- in the parent ----------------------------------------------------------------- */

struct sleeper {
	unsigned us;
	pid_t where;
	atomic_int *woken; /* in memory that both share */
};

static void *sleep_and_count(void *arg)
{
	struct sleeper *s = arg;

	must(co_usleep(s->us) == 0);
	atomic_fetch_add(s->woken, 1);
	must(getpid() == s->where);
	return NULL;
}

static atomic_int *shared_counter(void)
{
	atomic_int *counter = mmap(NULL, sizeof(*counter), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	must(counter != MAP_FAILED);
	return counter;
}

/* Sleepers, readers and those who wait for a lock stay behind, and are woken there alone.
 */
static void others_go_on_in_the_parent_alone(void **state)
{
	struct sleeper sleeper = {20000, getpid(), shared_counter()};
	co_fiber *fiber = spawn(sleep_and_count, &sleeper), *reader;
	int fds[2];
	pid_t pid;

	(void)state;
	must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	reader = spawn(echo, fds);
	until_waits(reader);
	until_waits(fiber);
	pid = fork();
	if (pid == 0) {
		alarm(20);
		must(co_usleep(60000) == 0); /* longer than theirs */
		_exit(8);
	}
	join(fiber);
	for (int i = 0; i < 10; i++) {
		must(co_write(fds[1], "x", 1) == 1);
		must(co_read(fds[1], (char[1]){0}, 1) == 1);
	}
	join(reader);
	assert_int_equal(child_status(pid), 8 << 8);
	assert_int_equal(atomic_load(sleeper.woken), 1);
	co_close(fds[0]);
	co_close(fds[1]);
	munmap(sleeper.woken, sizeof(*sleeper.woken));
}

/* Both read from the same description; registrations of one are not the other's. */
static void epoll_sets_are_not_shared(void **state)
{
	int fds[2];
	pid_t pid;

	(void)state;
	must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	must(co_poll(&(struct pollfd){fds[0], POLLIN, 0}, 1, 1) ==
		0); /* it is registered */
	pid = fork();
	if (pid == 0) {
		alarm(20);
		co_close(fds[0]); /* the parent still has it */
		co_close(fds[1]);
		talk_to_a_new_fiber();
		_exit(9);
	}
	assert_int_equal(child_status(pid), 9 << 8);
	for (int i = 0; i < 3; i++) {
		co_fiber *reader = spawn(echo, fds);
		until_waits(reader);
		for (int n = 0; n < 10; n++) {
			must(co_write(fds[1], "x", 1) == 1);
			must(co_read(fds[1], (char[1]){0}, 1) == 1);
		}
		join(reader);
	}
	co_close(fds[0]);
	co_close(fds[1]);
}

/* --- locks that others held -------------------------------------------------------- */

static atomic_bool stop;
enum { LOCKS = 512 };
static pthread_mutex_t recursive[LOCKS];

static void *lock_around(void *arg)
{
	for (int i = 0; !atomic_load(&stop); i = (i + 1) % LOCKS) {
		must(co_pthread_mutex_lock(&recursive[i]) == 0);
		must(co_pthread_mutex_lock(&recursive[i]) == 0);
		must(co_pthread_mutex_unlock(&recursive[i]) == 0);
		must(co_pthread_mutex_unlock(&recursive[i]) == 0);
	}
	return arg;
}

static void *once_around(void *arg)
{
	while (!atomic_load(&stop)) {
		pthread_once_t once = PTHREAD_ONCE_INIT;
		must(co_pthread_once(&once, (void (*)(void))co_fiber_yield) == 0);
	}
	return arg;
}

enum { STREAMS = 128 };
static FILE *streams[STREAMS];

static void *stream_around(void *arg)
{
	for (int i = 0; !atomic_load(&stop); i = (i + 1) % STREAMS) {
		co_flockfile(streams[i]);
		co_funlockfile(streams[i]);
	}
	return arg;
}

static void *open_around(void *arg)
{
	int fds[2];

	while (!atomic_load(&stop)) {
		must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
		must(co_poll(&(struct pollfd){fds[0], POLLIN, 0}, 1, 0) == 0);
		co_close(fds[0]);
		co_close(fds[1]);
	}
	return arg;
}

static void *in_a_fiber(void *(*body)(void *))
{
	return join(spawn(body, NULL));
}

static void *lock_in_a_fiber(void *arg)
{
	(void)arg;
	return in_a_fiber(lock_around);
}

static void *once_in_a_fiber(void *arg)
{
	(void)arg;
	return in_a_fiber(once_around);
}

static void *stream_in_a_fiber(void *arg)
{
	(void)arg;
	return in_a_fiber(stream_around);
}

static void *open_in_a_fiber(void *arg)
{
	(void)arg;
	return in_a_fiber(open_around);
}

static void initialise(void)
{
}

/* Locks of its own, which share what is inside of the runtime with those of the others.
 */
static void *lock_in_child(void *arg)
{
	static pthread_mutex_t mine[LOCKS];
	pthread_once_t once = PTHREAD_ONCE_INIT;

	for (int i = 0; i < LOCKS; i++) {
		must(co_pthread_mutex_init(&mine[i], arg) == 0);
		must(co_pthread_mutex_lock(&mine[i]) == 0);
		must(co_pthread_mutex_unlock(&mine[i]) == 0);
	}
	for (int i = 0; i < STREAMS; i++) {
		FILE *fp = fopen("/dev/null", "r");
		must(fp != NULL);
		co_flockfile(fp); /* and all stay, or it would be the same one */
		co_funlockfile(fp);
	}
	must(co_pthread_once(&once, initialise) == 0);
	talk_to_a_new_fiber();
	_exit(0);
}

/* Whatever other threads were in the middle of: the child does not wait for them. */
static void nothing_stays_locked_inside(void **state)
{
	void *(*const bodies[])(void *) = {
		lock_in_a_fiber, once_in_a_fiber, stream_in_a_fiber, open_in_a_fiber};
	pthread_mutexattr_t attr;
	pthread_t threads[COUNT(bodies)];

	(void)state;
	must(pthread_mutexattr_init(&attr) == 0);
	must(pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE) == 0);
	for (int i = 0; i < LOCKS; i++)
		must(pthread_mutex_init(&recursive[i], &attr) == 0);
	for (int i = 0; i < STREAMS; i++)
		must((streams[i] = fopen("/dev/null", "r")) != NULL);
	for (size_t i = 0; i < COUNT(threads); i++)
		must(pthread_create(&threads[i], NULL, bodies[i], NULL) == 0);
	for (int i = 0; i < 60; i++) {
		pid_t pid = fork();
		if (pid == 0) {
			alarm(10);
			join(spawn(lock_in_child, &attr));
		}
		assert_int_equal(child_status(pid), 0);
	}
	atomic_store(&stop, true);
	for (size_t i = 0; i < COUNT(threads); i++)
		must(pthread_join(threads[i], NULL) == 0);
	for (int i = 0; i < STREAMS; i++)
		fclose(streams[i]);
}

/* A handler interrupts the root fiber's call, and there is none in the child of another.
 */
static void nothing(int signo)
{
	(void)signo;
}

static void *fork_and_raise(void *arg)
{
	struct sigaction action = {.sa_handler = nothing};
	pid_t pid;

	must(co_sigaction(SIGUSR1, &action, NULL) == 0);
	until_waits(arg);
	pid = fork();
	if (pid == 0) {
		alarm(10);
		must(raise(SIGUSR1) == 0);
		must(co_usleep(5000) == 0);
		_exit(11);
	}
	return (void *)(intptr_t)child_status(pid);
}

static void a_signal_in_the_child_does_not_wake_who_is_not_there(void **state)
{
	co_fiber *fiber = spawn(fork_and_raise, NULL);
	pid_t mine = getpid();
	char byte = 0;
	int fds[2];

	(void)state;
	fiber->arg = co__ctx.running;
	must(co_pipe(fds) == 0);
	must(co_poll(&(struct pollfd){fds[0], POLLIN, 0}, 1, 50) == 0);
	must(getpid() == mine);
	must(co_read(fds[0], &byte, 0) == 0);
	assert_int_equal((intptr_t)join(fiber), 11 << 8);
	must(getpid() == mine);
	co_close(fds[0]);
	co_close(fds[1]);
}

/* --- what others had begun --------------------------------------------------------- */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int initialised;
static bool finish_it;

static void initialise_slowly(void)
{
	if (initialised++ == 0)
		while (!finish_it)
			co_fiber_yield();
}

static void *begin_once(void *arg)
{
	must(co_pthread_once(&once, initialise_slowly) == 0);
	return arg;
}

static void an_initialiser_that_stays_behind_is_begun_anew(void **state)
{
	co_fiber *fiber = spawn(begin_once, NULL);
	pid_t pid;

	(void)state;
	while (initialised == 0)
		co_fiber_yield();
	pid = fork();
	if (pid == 0) {
		alarm(10);
		begin_once(NULL);
		_exit(initialised == 2 ? 0 : 1);
	}
	assert_int_equal(child_status(pid), 0);
	finish_it = true;
	join(fiber);
	assert_int_equal(initialised, 1);
}

static pid_t forked;

static void initialise_and_fork(void)
{
	forked = fork();
	initialised++;
}

static void an_initialiser_that_forks_ends_in_both(void **state)
{
	pthread_once_t mine = PTHREAD_ONCE_INIT;

	(void)state;
	initialised = 0;
	must(co_pthread_once(&mine, initialise_and_fork) == 0);
	if (forked == 0)
		alarm(10);
	must(co_pthread_once(&mine, initialise_and_fork) == 0);
	if (forked == 0)
		_exit(initialised);
	assert_int_equal(child_status(forked), 1 << 8);
	assert_int_equal(initialised, 1);
}

static atomic_int asked;
static atomic_bool answer;

/* In place of libc's: a name server that is silent until it is told to answer. */
int getaddrinfo(const char *restrict node, const char *restrict service,
	const struct addrinfo *restrict hints, struct addrinfo **restrict list)
{
	(void)node, (void)service, (void)hints, (void)list;
	atomic_fetch_add(&asked, 1);
	while (!atomic_load(&answer))
		sched_yield();
	return EAI_AGAIN;
}

static void *look_up(void *arg)
{
	struct addrinfo *list;

	must(co_getaddrinfo("cohook.test", "80", NULL, &list) == EAI_AGAIN);
	return arg;
}

static void lookups_that_stay_behind_are_not_waited_for(void **state)
{
	co_fiber *fibers[6];
	pid_t pid;

	(void)state;
	for (size_t i = 0; i < COUNT(fibers); i++)
		fibers[i] = spawn(look_up, NULL);
	while (atomic_load(&asked) < 2)
		co_fiber_yield();
	pid = fork();
	if (pid == 0) {
		alarm(10);
		atomic_store(&answer, true);
		join(spawn(look_up, NULL));
		look_up(NULL);
		_exit(0);
	}
	assert_int_equal(child_status(pid), 0);
	atomic_store(&answer, true);
	for (size_t i = 0; i < COUNT(fibers); i++)
		join(fibers[i]);
	assert_int_equal(atomic_load(&asked), COUNT(fibers));
}

/* --- children of vfork ------------------------------------------------------------- */

static void *read_one(void *arg)
{
	char byte;

	return (void *)(intptr_t)co_read(*(int *)arg, &byte, 1);
}

static void close_in_vfork(void *arg)
{
	co_fiber *reader;
	int fds[2], status;
	pid_t pid;

	must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
	reader = spawn(read_one, &fds[0]);
	until_waits(reader);
	pid = vfork();
	if (pid == 0) {
		co_close(fds[0]);
		_exit(0);
	}
	must(waitpid(pid, &status, 0) == pid);
	co_fiber_yield();
	must(waits(reader));
	must(co_write(fds[1], "x", 1) == 1);
	must(join(reader) == (void *)1);
	reader = spawn(read_one, &fds[0]);
	until_waits(reader);
	must(co_close(fds[0]) == 0); /* ours does close it */
	must(join(reader) == (void *)-1);
	must(co_close(fds[1]) == 0);
	(void)arg;
}

/* Also when it is the first that ever closes something. */
static void what_a_child_of_vfork_closes_stays_open_here(void **state)
{
	(void)state;
	child_succeeds(close_in_vfork, NULL);
}

/* --- the program's handlers ---------------------------------------------------------- */

static pthread_mutex_t forks = PTHREAD_MUTEX_INITIALIZER;

static void wait_for_lock(void)
{
	must(co_pthread_mutex_lock(&forks) == 0);
}

static void give_lock_back(void)
{
	must(co_pthread_mutex_unlock(&forks) == 0);
}

static void give_lock_back_and_sleep(void)
{
	must(co__ctx.worker->live == 0); /* nobody is here but who forked */
	give_lock_back();
	must(co_usleep(1000) == 0);
}

static void *hold_lock(void *arg)
{
	must(co_pthread_mutex_lock(&forks) == 0);
	must(co_usleep(1000) == 0);
	must(co_pthread_mutex_unlock(&forks) == 0);
	return arg;
}

static void fork_with_handlers(void *arg)
{
	co_fiber *holder, *reader;
	int fds[2];
	pid_t pid;

	must(pthread_atfork(wait_for_lock, give_lock_back, give_lock_back_and_sleep) ==
		0);
	must(co_pipe(fds) == 0);
	reader = spawn(read_one, &fds[0]);
	holder = spawn(hold_lock, NULL);
	until_waits(holder);
	pid = fork();
	if (pid == 0) {
		alarm(20);
		use_everything();
		_exit(3);
	}
	talk_to_a_new_fiber();
	join(holder);
	must(child_status(pid) == 3 << 8);
	must(co_write(fds[1], "x", 1) == 1);
	must(join(reader) == (void *)1);
	co_close(fds[0]);
	co_close(fds[1]);
	(void)arg;
}

/* They came before the first worker, and may wait on both sides. */
static void handlers_that_were_there_first_may_wait(void **state)
{
	(void)state;
	child_succeeds(fork_with_handlers, NULL);
}

/* --- a notification that is under way ---------------------------------------------- */

static struct {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	bool told;
} news = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};

/* It gets the mutex when the fiber has given it up to wait. */
static void *tell(void *arg)
{
	must(pthread_mutex_lock(&news.mutex) == 0);
	news.told = true;
	must(co_pthread_cond_signal(&news.cond) == 0);
	must(co_pthread_mutex_unlock(&news.mutex) == 0);
	return arg;
}

static void hear_in_a_child(void *arg)
{
	pthread_t thread;

	(void)arg;
	must(pthread_mutex_lock(&news.mutex) == 0);
	must(pthread_create(&thread, NULL, tell, NULL) == 0);
	while (!news.told)
		must(co_pthread_cond_wait(&news.cond, &news.mutex) == 0);
	must(pthread_join(thread, NULL) == 0);
}

/* The parent's loop has not seen it yet. */
static void a_notification_stays_with_the_parent(void **state)
{
	(void)state;
	must(co_loop() != NULL);
	atomic_store(&co__ctx.worker->loop->asleep, true);
	co__ctx.worker->notify(co__ctx.worker);
	child_succeeds(hear_in_a_child, NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(handlers_that_were_there_first_may_wait),
		cmocka_unit_test(what_a_child_of_vfork_closes_stays_open_here),
		cmocka_unit_test(everything_works_after_a_fork_in_the_root_fiber),
		cmocka_unit_test(everything_works_after_a_fork_in_a_spawned_one),
		cmocka_unit_test(a_spawned_fibers_child_ends_with_it),
		cmocka_unit_test(it_ends_with_the_last_of_its_own),
		cmocka_unit_test(children_fork_in_turn),
		cmocka_unit_test(a_thread_without_fibers_forks),
		cmocka_unit_test(others_go_on_in_the_parent_alone),
		cmocka_unit_test(epoll_sets_are_not_shared),
		cmocka_unit_test(a_signal_in_the_child_does_not_wake_who_is_not_there),
		cmocka_unit_test(nothing_stays_locked_inside),
		cmocka_unit_test(an_initialiser_that_stays_behind_is_begun_anew),
		cmocka_unit_test(an_initialiser_that_forks_ends_in_both),
		cmocka_unit_test(lookups_that_stay_behind_are_not_waited_for),
		cmocka_unit_test(a_notification_stays_with_the_parent),
	};

	return RUN(tests);
}
