/* workers.c - several OS threads with fibers: joining across them, their ends, and more
 * of them than have numbers. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"
#include "fdtab.h"
#include "worker.h"

#include <sys/resource.h>
#include <sys/socket.h>

static pthread_t start(void *(*entry)(void *), void *arg)
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, entry, arg) == 0);
	return thread;
}

static void *finish(pthread_t thread)
{
	void *result;

	must(pthread_join(thread, &result) == 0);
	return result;
}

/* An event between threads, whether they run fibers or not. */
struct gate {
	atomic_bool open;
};

static void gate_pass(struct gate *gate)
{
	while (!atomic_load(&gate->open)) {
		co_fiber_yield();
		sched_yield();
	}
}

static void gate_open(struct gate *gate)
{
	atomic_store(&gate->open, true);
}

/* --- joining ----------------------------------------------------------------------- */

static void *wait_at(void *arg)
{
	gate_pass(arg);
	return arg;
}

struct handed {
	co_fiber *fiber;
	struct gate made, may_end;
	void *result;
};

static void *make_one(void *arg)
{
	struct handed *h = arg;

	h->fiber = spawn(wait_at, &h->may_end);
	gate_open(&h->made);
	return NULL; /* the thread's end is put off */
}

static void *join_one(void *arg)
{
	struct handed *h = arg;

	gate_pass(&h->made);
	h->result = join(h->fiber);
	return NULL;
}

static void *join_one_in_a_fiber(void *arg)
{
	return join(spawn(join_one, arg));
}

static void fibers_are_joined_from_other_workers(void **state)
{
	(void)state;
	for (int i = 0; i < 30; i++) {
		struct handed h = {0};
		pthread_t maker = start(make_one, &h);
		pthread_t joiner = start(i % 2 ? join_one_in_a_fiber : join_one, &h);

		gate_pass(&h.made);
		gate_open(&h.may_end);
		finish(joiner);
		finish(maker);
		assert_ptr_equal(h.result, &h.may_end);
	}
}

/* make_one() ends with its fiber alive: the thread goes on until the fiber has ended. */
static void a_thread_ends_after_its_fibers(void **state)
{
	struct handed h = {0};
	pthread_t maker = start(make_one, &h);

	(void)state;
	gate_pass(&h.made);
	for (int i = 0; i < 100; i++)
		sched_yield();
	assert_int_equal(pthread_tryjoin_np(maker, NULL), EBUSY);
	gate_open(&h.may_end);
	finish(maker);
	assert_ptr_equal(
		join(h.fiber), &h.may_end); /* the thread is gone, its fiber is not */
}

static void *pipe_reader(void *arg)
{
	char byte;

	must(co_read(*(int *)arg, &byte, 1) == 1);
	return NULL;
}

static void *leave_a_reader(void *arg)
{
	const struct co_fiber_attr detached = {.detached = 1};

	must(co_fiber_spawn(NULL, &detached, pipe_reader, arg) == 0);
	return NULL;
}

static void the_end_waits_for_those_who_wait(void **state)
{
	pthread_t thread;
	int fds[2];

	(void)state;
	must(co_pipe(fds) == 0);
	thread = start(leave_a_reader, &fds[0]);
	for (int i = 0; i < 100; i++)
		sched_yield();
	assert_int_equal(pthread_tryjoin_np(thread, NULL), EBUSY);
	must(co_write(fds[1], "x", 1) == 1);
	finish(thread);
	co_close(fds[0]);
	co_close(fds[1]);
}

static void *churn(void *arg)
{
	struct handed *mine = arg, *theirs = mine->result;

	for (int i = 0; i < 300; i++) {
		mine->fiber = spawn(wait_at, &mine->may_end);
		gate_open(&mine->made);
		gate_pass(&theirs->made);
		gate_open(&theirs->may_end);
		must(join(theirs->fiber) == &theirs->may_end);
		atomic_store(&theirs->made.open, false);
		atomic_store(&theirs->may_end.open, false);
		while (atomic_load(&mine->made.open)) { /* until mine was joined */
			co_fiber_yield();
			sched_yield();
		}
	}
	return NULL;
}

static void two_workers_join_each_others(void **state)
{
	struct handed a = {0}, b = {0};
	pthread_t thread;

	(void)state;
	a.result = &b;
	b.result = &a;
	thread = start(churn, &a);
	join(spawn(churn, &b));
	finish(thread);
}

/* --- waking across ----------------------------------------------------------------- */

struct ball {
	int in, out, rounds;
};

static void *play(void *arg)
{
	const struct ball *ball = arg;
	char byte;

	for (int i = 0; i < ball->rounds; i++) {
		must(co_read(ball->in, &byte, 1) == 1);
		must(co_write(ball->out, &byte, 1) == 1);
	}
	return NULL;
}

static void *play_in_a_fiber(void *arg)
{
	return join(spawn(play, arg));
}

static void a_ball_goes_round_three_workers(void **state)
{
	int pipes[3][2];
	struct ball balls[3];
	pthread_t threads[3];
	char byte;

	(void)state;
	for (int i = 0; i < 3; i++)
		must(co_pipe(pipes[i]) == 0);
	for (int i = 0; i < 3; i++) {
		balls[i] = (struct ball){pipes[i][0], pipes[(i + 1) % 3][1], 500};
		threads[i] = start(play_in_a_fiber, &balls[i]);
	}
	must(co_write(pipes[0][1], "o", 1) == 1);
	for (int i = 0; i < 3; i++)
		finish(threads[i]);
	must(co_read(pipes[0][0], &byte, 1) == 1);
	for (int i = 0; i < 3; i++) {
		co_close(pipes[i][0]);
		co_close(pipes[i][1]);
	}
}

/* --- more than have numbers -------------------------------------------------------- */

enum { CROWD = 80 };

struct member {
	int fds[2];
	int id;
	struct gate *all_there;
	atomic_int *there;
};

static void *talk(void *arg)
{
	struct member *m = arg;
	char byte;

	for (int i = 0; i < 50; i++) {
		must(co_read(m->fds[0], &byte, 1) == 1);
		must(co_write(m->fds[0], &byte, 1) == 1);
	}
	return NULL;
}

static void *be_a_member(void *arg)
{
	struct member *m = arg;
	struct timeval soon = {0, 5000};
	co_fiber *fiber;
	char byte;

	fiber = spawn(talk, m);
	m->id = fiber->worker->id;
	if (atomic_fetch_add(m->there, 1) == CROWD - 1)
		gate_open(m->all_there);
	gate_pass(m->all_there);
	for (int i = 0; i < 50; i++) {
		must(co_write(m->fds[1], "x", 1) == 1);
		must(co_read(m->fds[1], &byte, 1) == 1 && byte == 'x');
	}
	join(fiber);
	must(co_setsockopt(m->fds[1], SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon)) == 0);
	must(co_read(m->fds[1], &byte, 1) == -1 && errno == EAGAIN);
	must(co_poll(&(struct pollfd){m->fds[1], POLLIN, 0}, 1, 5) == 0);
	return NULL;
}

static void numbers_run_out_and_nobody_notices(void **state)
{
	static struct member members[CROWD];
	static struct gate all_there;
	static atomic_int there;
	pthread_t threads[CROWD];
	uint64_t seen = 0;
	int without = 0;

	(void)state;
	for (int i = 0; i < CROWD; i++) {
		members[i] = (struct member){.all_there = &all_there, .there = &there};
		must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, members[i].fds) == 0);
		threads[i] = start(be_a_member, &members[i]);
	}
	for (int i = 0; i < CROWD; i++) {
		finish(threads[i]);
		co_close(members[i].fds[0]);
		co_close(members[i].fds[1]);
		without += members[i].id == 0;
		assert_in_range(members[i].id, 0, 64);
		if (members[i].id) {
			assert_false(seen >> (members[i].id - 1) & 1);
			seen |= UINT64_C(1) << (members[i].id - 1);
		}
	}
	assert_in_range(without, CROWD - 64, CROWD - 62);
}

static void *note_id(void *arg)
{
	co_fiber *fiber = spawn(wait_at, &(struct gate){true});

	*(int *)arg = fiber->worker->id;
	join(fiber);
	return NULL;
}

static void numbers_are_handed_out_again(void **state)
{
	int first = 0, second = 0;

	(void)state;
	finish(start(note_id, &first));
	finish(start(note_id, &second));
	assert_true(first > 0);
	assert_int_equal(first, second);
}

/* --- what is left behind ----------------------------------------------------------- */

static size_t count_fds(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static size_t virtual_pages(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	must(f && fscanf(f, "%lu", &pages) == 1);
	fclose(f);
	return pages;
}

static void *be_a_worker(void *arg)
{
	join(spawn(wait_at, arg));
	return NULL;
}

static void ended_workers_leave_nothing(void **state)
{
	struct gate open = {true};
	size_t fds, pages;

	(void)state;
	for (int i = 0; i < 20; i++) /* what libc keeps for later is there now */
		finish(start(be_a_worker, &open));
	fds = count_fds();
	pages = virtual_pages();
	for (int i = 0; i < 500; i++)
		finish(start(be_a_worker, &open));
	assert_int_equal(count_fds(), fds);
	if (!UNDER_ASAN)
		assert_in_range(virtual_pages(), 0, pages + 500);
}

/* --- idleness ---------------------------------------------------------------------- */

static uint64_t cpu_time(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 * MS +
	       (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
}

static void *sleep_and_measure(void *arg)
{
	uint64_t before = cpu_time();

	must(co_usleep(1200 * 1000) == 0);
	*(uint64_t *)arg = cpu_time() - before;
	return NULL;
}

static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;

static void *lock_held(void *arg)
{
	must(co_pthread_mutex_lock(&held) == 0);
	must(co_pthread_mutex_unlock(&held) == 0);
	return arg;
}

/* With a fiber that sleeps, one that waits for a descriptor, and one that waits for a
 * lock. */
static void waiting_uses_no_cpu(void **state)
{
	uint64_t used = 0;
	co_fiber *reader, *locker;
	int fds[2];

	(void)state;
	must(co_pipe(fds) == 0);
	must(co_pthread_mutex_lock(&held) == 0);
	reader = spawn(pipe_reader, &fds[0]);
	locker = spawn(lock_held, NULL);
	join(spawn(sleep_and_measure, &used));
	assert_in_range(used, 0, 30 * MS);
	must(co_pthread_mutex_unlock(&held) == 0);
	must(co_write(fds[1], "x", 1) == 1);
	join(reader);
	join(locker);
	co_close(fds[0]);
	co_close(fds[1]);
}

/* --- a number that another thread is closing --------------------------------------- */

struct closing {
	int fds[2];
	struct gate begun;
	atomic_bool reads, closed;
	atomic_int turns;
	int error;
};

static void *read_it(void *arg)
{
	struct closing *c = arg;
	char byte;

	atomic_store(&c->reads, true);
	c->error = co_read(c->fds[0], &byte, 1) < 0 ? errno : 0;
	return NULL;
}

/* It gets its turn only while the reader does not block the thread. */
static void *count_turns(void *arg)
{
	struct closing *c = arg;

	while (!atomic_load(&c->closed)) {
		atomic_fetch_add(&c->turns, atomic_load(&c->reads));
		co_fiber_yield();
	}
	return NULL;
}

static void *read_and_count(void *arg)
{
	struct closing *c = arg;
	co_fiber *reader, *counter;

	gate_pass(&c->begun);
	counter = spawn(count_turns, c);
	reader = spawn(read_it, c);
	join(reader);
	join(counter);
	return NULL;
}

static void no_plain_call_waits_on_what_is_being_closed(void **state)
{
	struct closing c = {.error = -1};
	uint32_t generation;
	pthread_t thread;

	(void)state;
	must(co_socketpair(AF_UNIX, SOCK_STREAM, 0, c.fds) == 0);
	thread = start(read_and_count, &c);
	generation = co__fd_close_begin(c.fds[0]);
	gate_open(&c.begun);
	while (atomic_load(&c.turns) < 3)
		sched_yield();
	must(close(c.fds[0]) == 0);
	co__fd_close_done(c.fds[0], generation);
	atomic_store(&c.closed, true);
	finish(thread);
	assert_int_equal(c.error, EBADF);
	must(co_close(c.fds[1]) == 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(fibers_are_joined_from_other_workers),
		cmocka_unit_test(a_thread_ends_after_its_fibers),
		cmocka_unit_test(the_end_waits_for_those_who_wait),
		cmocka_unit_test(two_workers_join_each_others),
		cmocka_unit_test(a_ball_goes_round_three_workers),
		cmocka_unit_test(numbers_run_out_and_nobody_notices),
		cmocka_unit_test(numbers_are_handed_out_again),
		cmocka_unit_test(ended_workers_leave_nothing),
		cmocka_unit_test(waiting_uses_no_cpu),
		cmocka_unit_test(no_plain_call_waits_on_what_is_being_closed),
	};

	return RUN(tests);
}
