/* semaphores.c - semaphores between fibers, workers, plain threads and handlers. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"

static pthread_t start(void *(*entry)(void *), void *arg)
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, entry, arg) == 0);
	return thread;
}

/* --- many of all sorts ------------------------------------------------------------- */

enum { STEPS = 400, PAIRS = 5 }; /* a pair there is in each setting, see below */

struct ring {
	sem_t empty, full;
	int slots[4];
	sem_t in, out; /* as mutexes of the positions */
	unsigned put, got;
	atomic_long sum;
};

static void produce_with(struct ring *r, int (*wait)(sem_t *), int (*post)(sem_t *))
{
	for (int i = 1; i <= STEPS; i++) {
		must(wait(&r->empty) == 0);
		must(wait(&r->in) == 0);
		r->slots[r->put++ % COUNT(r->slots)] = i;
		must(post(&r->in) == 0);
		must(post(&r->full) == 0);
	}
}

static void consume_with(struct ring *r, int (*wait)(sem_t *), int (*post)(sem_t *))
{
	for (int i = 1; i <= STEPS; i++) {
		must(wait(&r->full) == 0);
		must(wait(&r->out) == 0);
		atomic_fetch_add(&r->sum, r->slots[r->got++ % COUNT(r->slots)]);
		must(post(&r->out) == 0);
		must(post(&r->empty) == 0);
	}
}

static void *produce(void *arg)
{
	produce_with(arg, co_sem_wait, co_sem_post);
	return NULL;
}

static void *consume(void *arg)
{
	consume_with(arg, co_sem_wait, co_sem_post);
	return NULL;
}

static void *produce_plainly(void *arg)
{
	produce_with(arg, sem_wait, sem_post);
	return NULL;
}

static void *consume_plainly(void *arg)
{
	consume_with(arg, sem_wait, sem_post);
	return NULL;
}

static void *both_on_a_worker(void *arg)
{
	co_fiber *a = spawn(consume, arg), *b = spawn(produce, arg);

	join(a);
	join(b);
	return NULL;
}

static void ring_init(struct ring *r)
{
	memset(r, 0, sizeof(*r));
	must(sem_init(&r->empty, 0, COUNT(r->slots)) == 0);
	must(sem_init(&r->full, 0, 0) == 0);
	must(sem_init(&r->in, 0, 1) == 0);
	must(sem_init(&r->out, 0, 1) == 0);
}

static int count_of(sem_t *sem)
{
	int value;

	must(sem_getvalue(sem, &value) == 0);
	return value;
}

/* Two fibers here, two on each of two other workers, two plain threads, and two threads
 * without a worker that call mirrors. */
static void one_ring_serves_them_all(void **state)
{
	pthread_t threads[6];
	struct ring r;

	(void)state;
	ring_init(&r);
	threads[0] = start(both_on_a_worker, &r);
	threads[1] = start(both_on_a_worker, &r);
	threads[2] = start(produce_plainly, &r);
	threads[3] = start(consume_plainly, &r);
	threads[4] = start(produce, &r);
	threads[5] = start(consume, &r);
	both_on_a_worker(&r);
	for (size_t i = 0; i < COUNT(threads); i++)
		must(pthread_join(threads[i], NULL) == 0);
	assert_int_equal(r.sum, (long)PAIRS * STEPS * (STEPS + 1) / 2);
	assert_int_equal(count_of(&r.full), 0);
	assert_int_equal(count_of(&r.empty), COUNT(r.slots));
}

static void *take_one(void *arg)
{
	must(co_sem_wait(arg) == 0);
	return NULL;
}

static void *post_plainly(void *arg)
{
	must(sem_post(arg) == 0); /* nobody tells us */
	return NULL;
}

static void plain_posts_are_noticed(void **state)
{
	sem_t sem;

	(void)state;
	must(sem_init(&sem, 0, 0) == 0);
	for (int i = 0; i < 10; i++) {
		co_fiber *a = spawn(take_one, &sem), *b = spawn(take_one, &sem);
		until_waits(a);
		until_waits(b);
		must(pthread_join(start(post_plainly, &sem), NULL) == 0);
		must(pthread_join(start(post_plainly, &sem), NULL) == 0);
		join(a);
		join(b);
	}
	assert_int_equal(count_of(&sem), 0);
}

/* --- handlers ---------------------------------------------------------------------- */

enum { SIGNALS = 300 };

static sem_t extra, ping, pong;
static atomic_int handled, posted, taken;
static atomic_bool over;

static void post_extra(void)
{
	atomic_fetch_add(&posted, 1);
	must(co_sem_post(&extra) == 0);
}

static void post_in_handler(int signo)
{
	(void)signo;
	atomic_fetch_add(&handled, 1);
	post_extra();
}

static void *serve(void *arg)
{
	while (atomic_load(&handled) < SIGNALS) {
		post_extra();
		must(co_sem_post(&ping) == 0);
		must(co_sem_wait(&pong) == 0);
	}
	atomic_store(&over, true);
	must(co_sem_post(&ping) == 0);
	post_extra();
	return arg;
}

static void *give_back(void *arg)
{
	for (;;) {
		must(co_sem_wait(&ping) == 0);
		if (atomic_load(&over))
			return arg;
		must(co_sem_post(&pong) == 0);
	}
}

static void *drain(void *arg)
{
	while (!atomic_load(&over)) {
		must(co_sem_wait(&extra) == 0);
		atomic_fetch_add(&taken, 1);
	}
	return arg;
}

static timer_t signal_often(void)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
	const struct itimerspec often = {{0, 70000}, {0, 70000}};
	timer_t timer;

	must(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	must(timer_settime(timer, 0, &often, NULL) == 0);
	return timer;
}

/* The handler strikes at any point of posts and waits of the same semaphore, installed
 * through us or behind our back. */
static void posts_under_fire(
	int (*install)(int, const struct sigaction *, struct sigaction *))
{
	const struct sigaction action = {
		.sa_handler = post_in_handler, .sa_flags = SA_RESTART};
	co_fiber *fibers[3];
	timer_t timer;

	must(sem_init(&extra, 0, 0) == 0 && sem_init(&ping, 0, 0) == 0);
	must(sem_init(&pong, 0, 0) == 0);
	handled = posted = taken = 0;
	over = false;
	must(install(SIGUSR1, &action, NULL) == 0);
	fibers[0] = spawn(serve, NULL);
	fibers[1] = spawn(give_back, NULL);
	fibers[2] = spawn(drain, NULL);
	timer = signal_often();
	for (int i = 0; i < 3; i++)
		join(fibers[i]);
	must(timer_delete(timer) == 0);
	assert_true(handled >= SIGNALS);
	assert_int_equal(taken + count_of(&extra), posted);
}

static void handlers_may_post(void **state)
{
	(void)state;
	posts_under_fire(co_sigaction);
}

static void handlers_behind_our_back_may_post(void **state)
{
	(void)state;
	posts_under_fire(sigaction);
}

/* --- other ends of a wait ---------------------------------------------------------- */

static void *take_or_be_told(void *arg)
{
	errno = 0;
	return co_sem_wait(arg) == 0 ? NULL : (void *)(intptr_t)errno;
}

static void our_own_cancel_ends_it(void **state)
{
	co_fiber *fiber;
	sem_t sem;

	(void)state;
	must(sem_init(&sem, 0, 0) == 0);
	fiber = spawn(take_or_be_told, &sem);
	until_waits(fiber);
	co_fiber_cancel(fiber);
	assert_ptr_equal(join(fiber), (void *)ECANCELED);
	assert_int_equal(count_of(&sem), 0);
}

/* Posts come just when others give up: none is lost, none counts twice. */
static void *take_or_give_up(void *arg)
{
	struct timespec soon;

	clock_gettime(CLOCK_REALTIME, &soon);
	soon.tv_nsec += 2000000;
	soon.tv_sec += soon.tv_nsec / 1000000000;
	soon.tv_nsec %= 1000000000;
	if (co_sem_timedwait(arg, &soon) == 0)
		return arg;
	must(errno == ETIMEDOUT);
	return NULL;
}

static void no_post_is_lost_to_a_timeout(void **state)
{
	co_fiber *fibers[6];
	int through = 0;
	sem_t sem;

	(void)state;
	must(sem_init(&sem, 0, 0) == 0);
	for (int round = 0; round < 40; round++) {
		for (size_t i = 0; i < COUNT(fibers); i++)
			fibers[i] = spawn(take_or_give_up, &sem);
		until_waits(fibers[5]);
		must(co_usleep(1700 + (unsigned)round * 15) == 0);
		for (int i = 0; i < 3; i++)
			must(co_sem_post(&sem) == 0);
		for (size_t i = 0; i < COUNT(fibers); i++)
			through += join(fibers[i]) != NULL;
	}
	assert_int_equal(through + count_of(&sem), 40 * 3);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_ring_serves_them_all),
		cmocka_unit_test(plain_posts_are_noticed),
		cmocka_unit_test(handlers_may_post),
		cmocka_unit_test(handlers_behind_our_back_may_post),
		cmocka_unit_test(our_own_cancel_ends_it),
		cmocka_unit_test(no_post_is_lost_to_a_timeout),
	};

	must(co_loop() != NULL); /* the root fiber is one, too */
	return RUN(tests);
}
