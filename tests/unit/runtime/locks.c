/* locks.c - mutexes, conditions and once between fibers, workers and plain threads. */
#define _GNU_SOURCE
#include "case.h"
#include "cohook/posix.h"
#include "pthread/quick.h"
#include "sanitize.h"

#include <sys/mman.h>

static pthread_t start(void *(*entry)(void *), void *arg)
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, entry, arg) == 0);
	return thread;
}

static void mutex_of(pthread_mutex_t *mutex, int type, int shared)
{
	pthread_mutexattr_t attr;

	must(pthread_mutexattr_init(&attr) == 0);
	must(pthread_mutexattr_settype(&attr, type) == 0);
	must(pthread_mutexattr_setpshared(&attr, shared) == 0);
	must(co_pthread_mutex_init(mutex, &attr) == 0);
	must(pthread_mutexattr_destroy(&attr) == 0);
}

struct attempt {
	pthread_mutex_t *mutex;
	int lock, unlock;
};

static void *try(void *arg)
{
	struct attempt *a = arg;

	a->lock = co_pthread_mutex_trylock(a->mutex);
	a->unlock = co_pthread_mutex_unlock(a->mutex);
	return NULL;
}

static struct attempt try_in_a_fiber(pthread_mutex_t *mutex)
{
	struct attempt a = {mutex, -1, -1};

	join(spawn(try, &a));
	return a;
}

static struct attempt try_in_a_thread(pthread_mutex_t *mutex)
{
	struct attempt a = {mutex, -1, -1};

	must(pthread_join(start(try, &a), NULL) == 0);
	return a;
}

/* --- owners ------------------------------------------------------------------------ */

static void *lock_and_hold(void *arg)
{
	must(co_pthread_mutex_lock(arg) == 0);
	co_fiber_yield();
	co_fiber_yield();
	must(co_pthread_mutex_unlock(arg) == 0);
	return NULL;
}

static void recursion_is_the_fibers_own(void **state)
{
	pthread_mutex_t mutex;
	struct attempt a;

	(void)state;
	mutex_of(&mutex, PTHREAD_MUTEX_RECURSIVE, 0);
	for (int depth = 0; depth < 3; depth++)
		assert_int_equal(co_pthread_mutex_lock(&mutex), 0);
	assert_int_equal(co_pthread_mutex_trylock(&mutex), 0);
	for (int depth = 0; depth < 4; depth++) {
		a = try_in_a_fiber(&mutex); /* on the same thread */
		assert_int_equal(a.lock, EBUSY);
		assert_int_equal(a.unlock, EPERM);
		a = try_in_a_thread(&mutex);
		assert_int_equal(a.lock, EBUSY);
		assert_int_equal(a.unlock, EPERM);
		assert_int_equal(co_pthread_mutex_unlock(&mutex), 0);
	}
	assert_int_equal(co_pthread_mutex_unlock(&mutex), EPERM);
	a = try_in_a_fiber(&mutex);
	assert_int_equal(a.lock | a.unlock, 0);
	assert_int_equal(co_pthread_mutex_destroy(&mutex), 0);
}

static void checked_ones_know_deadlock_and_strangers(void **state)
{
	struct timespec soon = {1, 0};
	pthread_mutex_t mutex;
	struct attempt a;

	(void)state;
	mutex_of(&mutex, PTHREAD_MUTEX_ERRORCHECK, 0);
	assert_int_equal(co_pthread_mutex_unlock(&mutex), EPERM);
	assert_int_equal(co_pthread_mutex_lock(&mutex), 0);
	assert_int_equal(co_pthread_mutex_lock(&mutex), EDEADLK);
	assert_int_equal(co_pthread_mutex_timedlock(&mutex, &soon), EDEADLK);
	assert_int_equal(co_pthread_mutex_trylock(&mutex), EBUSY);
	a = try_in_a_fiber(&mutex);
	assert_int_equal(a.lock, EBUSY);
	assert_int_equal(a.unlock, EPERM);
	assert_int_equal(co_pthread_mutex_unlock(&mutex), 0);
	a = try_in_a_fiber(&mutex);
	assert_int_equal(a.lock | a.unlock, 0);
	join(spawn(lock_and_hold, &mutex));
	assert_int_equal(co_pthread_mutex_destroy(&mutex), 0);
}

/* A lock of any type is held over waits, and handed from fiber to fiber. */
static void every_type_excludes_fibers(void **state)
{
	static const int types[] = {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE,
		PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_ADAPTIVE_NP};

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(types); i++) {
		pthread_mutex_t mutex;
		co_fiber *fibers[5];
		mutex_of(&mutex, types[i / 2], (int)(i % 2));
		for (size_t f = 0; f < COUNT(fibers); f++)
			fibers[f] = spawn(lock_and_hold, &mutex);
		for (size_t f = 0; f < COUNT(fibers); f++)
			join(fibers[f]);
		assert_int_equal(co_pthread_mutex_destroy(&mutex), 0);
	}
}

/* --- what libc sees ------------------------------------------------------------------ */

typedef int one_call(pthread_mutex_t *mutex);

/* Locked and unlocked by two hands; what the object is in between. */
static pthread_mutex_t locked_by(one_call *lock, one_call *unlock)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, fresh = mutex, locked;

	must(lock(&mutex) == 0);
	locked = mutex;
	must(pthread_mutex_trylock(&mutex) == EBUSY);
	must(co_pthread_mutex_trylock(&mutex) == EBUSY);
	if (!UNDER_TSAN) /* which has an opinion on this */
		must(pthread_mutex_destroy(&mutex) == EBUSY);
	must(unlock(&mutex) == 0);
	must(memcmp(&mutex, &fresh, sizeof(mutex)) == 0);
	return locked;
}

static void compare_locked(void *arg)
{
	static one_call *const locks[] = {co_pthread_mutex_lock, co_pthread_mutex_trylock,
		pthread_mutex_lock, pthread_mutex_trylock};
	const pthread_mutex_t plain = locked_by(pthread_mutex_lock, pthread_mutex_unlock);

	(void)arg;
	for (size_t i = 0; i < COUNT(locks); i++) {
		pthread_mutex_t ours = locked_by(locks[i], co_pthread_mutex_unlock);
		must(memcmp(&ours, &plain, sizeof(ours)) == 0);
		ours = locked_by(locks[i], pthread_mutex_unlock);
		must(memcmp(&ours, &plain, sizeof(ours)) == 0);
	}
}

static void *compare_in_a_fiber(void *arg)
{
	compare_locked(arg);
	return NULL;
}

/* The thread's id in it is another one in a child. */
static void libc_finds_what_it_would_have_written(void **state)
{
	(void)state;
	join(spawn(compare_in_a_fiber, NULL));
	compare_locked(NULL);
	child_succeeds(compare_locked, NULL);
}

static void plain_mutexes_take_the_quick_way(void **state)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

	(void)state;
#ifndef __GLIBC__
	skip();
#endif
	if (UNDER_TSAN || RUNNING_ON_VALGRIND)
		skip();
	assert_int_equal(quick_lock(&mutex, gettid()), QUICK_DONE);
	assert_int_equal(quick_lock(&mutex, gettid()), QUICK_BUSY);
	assert_int_equal(quick_unlock(&mutex), QUICK_DONE);
	for (int type = PTHREAD_MUTEX_RECURSIVE; type <= PTHREAD_MUTEX_ERRORCHECK; type++) {
		mutex_of(&mutex, type, 0);
		assert_int_equal(quick_lock(&mutex, gettid()), QUICK_OTHER);
		assert_int_equal(quick_unlock(&mutex), QUICK_OTHER);
	}
	mutex_of(&mutex, PTHREAD_MUTEX_NORMAL, 1);
	assert_int_equal(quick_lock(&mutex, gettid()), QUICK_OTHER);
}

/* --- fibers and plain threads ------------------------------------------------------ */

struct shared {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	unsigned long counter, in_order;
	int turn, sides, rounds;
	bool foreign; /* the thread's code was not built with us */
};

static void count_with_mirrors(struct shared *s)
{
	for (int i = 0; i < s->rounds; i++) {
		must(co_pthread_mutex_lock(&s->mutex) == 0);
		s->counter++;
		if (i % 16 == 0)
			co_fiber_yield();
		s->in_order += s->counter;
		must(co_pthread_mutex_unlock(&s->mutex) == 0);
	}
}

static void *count_in_a_fiber(void *arg)
{
	count_with_mirrors(arg);
	return NULL;
}

static void *count_plainly(void *arg)
{
	struct shared *s = arg;

	for (int i = 0; i < s->rounds; i++) {
		must(pthread_mutex_lock(&s->mutex) == 0);
		s->in_order += ++s->counter;
		must(pthread_mutex_unlock(&s->mutex) == 0);
	}
	return NULL;
}

static void *count_on_a_worker(void *arg)
{
	co_fiber *a = spawn(count_in_a_fiber, arg), *b = spawn(count_in_a_fiber, arg);

	join(a);
	join(b);
	return NULL;
}

static void one_mutex_serves_fibers_and_threads(void **state)
{
	const unsigned long rounds = 300, all = 6 * rounds;
	struct shared s = {.mutex = PTHREAD_MUTEX_INITIALIZER, .rounds = (int)rounds};
	pthread_t worker, plain;

	(void)state;
	worker = start(count_on_a_worker, &s);
	plain = start(count_plainly, &s);
	count_on_a_worker(&s);
	count_with_mirrors(&s);
	must(pthread_join(worker, NULL) == 0);
	must(pthread_join(plain, NULL) == 0);
	assert_int_equal(s.counter, all);
	assert_int_equal(s.in_order, all * (all + 1) / 2);
}

struct holder {
	pthread_mutex_t *mutex;
	atomic_bool held, may_go;
};

static void *hold_plainly(void *arg)
{
	struct holder *h = arg;

	must(pthread_mutex_lock(h->mutex) == 0);
	atomic_store(&h->held, true);
	while (!atomic_load(&h->may_go))
		sched_yield();
	must(pthread_mutex_unlock(h->mutex) == 0); /* nobody tells us */
	return NULL;
}

static void *let_go(void *arg)
{
	atomic_store(&((struct holder *)arg)->may_go, true);
	return NULL;
}

static void a_threads_plain_unlock_is_noticed(void **state)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

	(void)state;
	for (int i = 0; i < 10; i++) {
		struct holder h = {.mutex = &mutex};
		pthread_t thread = start(hold_plainly, &h);
		co_fiber *waiter, *releaser;

		while (!atomic_load(&h.held))
			sched_yield();
		waiter = spawn(lock_and_hold, &mutex);
		until_waits(waiter);
		releaser = spawn(let_go, &h);
		join(waiter);
		join(releaser);
		must(pthread_join(thread, NULL) == 0);
	}
}

static void take_turns(struct shared *s, int me)
{
	for (int i = 0; i < s->rounds; i++) {
		must(co_pthread_mutex_lock(&s->mutex) == 0);
		while (s->turn != me)
			must(co_pthread_cond_wait(&s->cond, &s->mutex) == 0);
		s->turn = (me + 1) % s->sides;
		must(co_pthread_cond_broadcast(&s->cond) == 0);
		must(co_pthread_mutex_unlock(&s->mutex) == 0);
	}
}

struct side {
	struct shared *shared;
	int me;
};

static void *turns_of(void *arg)
{
	struct side *side = arg;

	take_turns(side->shared, side->me);
	return NULL;
}

static void *turns_in_a_fiber(void *arg)
{
	return join(spawn(turns_of, arg));
}

/* A fiber here, one on another worker, a thread without one, and the root fiber. */
static void a_condition_goes_round_them_all(void **state)
{
	struct shared s = {.mutex = PTHREAD_MUTEX_INITIALIZER,
		.cond = PTHREAD_COND_INITIALIZER,
		.sides = 4,
		.rounds = 250};
	struct side sides[4];
	pthread_t worker, plain;
	co_fiber *fiber;

	(void)state;
	for (int i = 0; i < 4; i++)
		sides[i] = (struct side){&s, i};
	worker = start(turns_in_a_fiber, &sides[0]);
	plain = start(turns_of, &sides[1]);
	fiber = spawn(turns_of, &sides[2]);
	take_turns(&s, 3);
	join(fiber);
	must(pthread_join(worker, NULL) == 0);
	must(pthread_join(plain, NULL) == 0);
	assert_int_equal(s.turn, 0);
}

/* --- conditions -------------------------------------------------------------------- */

struct tokens {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	int there, taken;
};

static void *take_token(void *arg)
{
	struct tokens *t = arg;

	must(co_pthread_mutex_lock(&t->mutex) == 0);
	while (t->there == 0)
		must(co_pthread_cond_wait(&t->cond, &t->mutex) == 0);
	t->there--;
	t->taken++;
	must(co_pthread_mutex_unlock(&t->mutex) == 0);
	return NULL;
}

static void *take_token_or_give_up(void *arg)
{
	struct tokens *t = arg;
	struct timespec soon;
	int r = 0;

	clock_gettime(CLOCK_REALTIME, &soon);
	soon.tv_nsec += 3000000;
	soon.tv_sec += soon.tv_nsec / 1000000000;
	soon.tv_nsec %= 1000000000;
	must(co_pthread_mutex_lock(&t->mutex) == 0);
	while (t->there == 0 && r == 0)
		r = co_pthread_cond_timedwait(&t->cond, &t->mutex, &soon);
	must(r == 0 || r == ETIMEDOUT);
	if (t->there > 0) {
		t->there--;
		t->taken++;
	}
	must(co_pthread_mutex_unlock(&t->mutex) == 0);
	return NULL;
}

/* Signals come just when others give up: each still wakes somebody. */
static void no_signal_is_lost_to_a_timeout(void **state)
{
	struct tokens t = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};

	(void)state;
	for (int round = 0; round < 40; round++) {
		co_fiber *fibers[8];
		for (int i = 0; i < 8; i++)
			fibers[i] = spawn(i % 2 ? take_token : take_token_or_give_up, &t);
		for (int i = 0; i < 8; i++)
			until_waits(fibers[i]);
		must(co_usleep(2800 + (unsigned)round * 10) == 0);
		for (int i = 0; i < 8; i++) {
			must(co_pthread_mutex_lock(&t.mutex) == 0);
			t.there++;
			must(co_pthread_cond_signal(&t.cond) == 0);
			must(co_pthread_mutex_unlock(&t.mutex) == 0);
		}
		for (int i = 0; i < 8; i++)
			join(fibers[i]);
		assert_true(t.taken >= 4 && t.taken + t.there == 8);
		t.there = t.taken = 0;
	}
}

/* --- between processes ------------------------------------------------------------- */

static void *wait_for_token(void *arg)
{
	return take_token(arg);
}

/* The other process knows nothing of who waits here. */
static void shared_conditions_are_signalled_by_others(void **state)
{
	struct tokens *t = mmap(NULL, sizeof(*t), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_condattr_t attr;
	int status;
	pid_t pid;

	(void)state;
	must(t != MAP_FAILED);
	mutex_of(&t->mutex, PTHREAD_MUTEX_NORMAL, PTHREAD_PROCESS_SHARED);
	must(pthread_condattr_init(&attr) == 0);
	must(pthread_condattr_setpshared(&attr, PTHREAD_PROCESS_SHARED) == 0);
	must(co_pthread_cond_init(&t->cond, &attr) == 0);
	t->there = 0;
	pid = fork();
	if (pid == 0) {
		alarm(PATIENCE_S);            /* is not inherited */
		for (int i = 0; i < 3; i++) { /* one after the other was taken */
			while (t->taken < i)
				sched_yield();
			usleep(5000); /* most likely somebody waits by now */
			must(pthread_mutex_lock(&t->mutex) == 0);
			t->there++;
			must(pthread_cond_signal(&t->cond) == 0);
			must(pthread_mutex_unlock(&t->mutex) == 0);
		}
		_exit(0);
	}
	for (int i = 0; i < 3; i++)
		join(spawn(wait_for_token, t));
	must(waitpid(pid, &status, 0) == pid);
	assert_int_equal(status, 0);
	munmap(t, sizeof(*t));
}

/* --- once -------------------------------------------------------------------------- */

static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_int begun, initialised;
static atomic_bool may_finish;

static void initialise_slowly(void)
{
	atomic_fetch_add(&begun, 1);
	while (!atomic_load(&may_finish))
		must(co_usleep(100) == 0);
	atomic_fetch_add(&initialised, 1);
}

static void *calls_once(void *arg)
{
	must(co_pthread_once(&once, initialise_slowly) == 0);
	must(atomic_load(&initialised) == 1);
	return arg;
}

static void *call_once_in_a_fiber(void *arg)
{
	return join(spawn(calls_once, arg));
}

static void an_initialiser_may_wait(void **state)
{
	co_fiber *fibers[4];
	pthread_t worker, plain;

	(void)state;
	for (size_t i = 0; i < COUNT(fibers); i++)
		fibers[i] = spawn(calls_once, NULL);
	while (atomic_load(&begun) == 0)
		co_fiber_yield();
	worker = start(call_once_in_a_fiber, NULL);
	plain = start(calls_once, NULL);
	for (size_t i = 0; i < COUNT(fibers); i++)
		until_waits(fibers[i]);
	atomic_store(&may_finish, true);
	for (size_t i = 0; i < COUNT(fibers); i++)
		join(fibers[i]);
	must(pthread_join(worker, NULL) == 0);
	must(pthread_join(plain, NULL) == 0);
	assert_int_equal(atomic_load(&begun), 1);
	assert_int_equal(co_pthread_once(&once, abort), 0);
}

static void exit_from_it(void)
{
	co_pthread_exit((void *)7);
}

static int counted;

static void count_it(void)
{
	counted++;
}

static pthread_once_t retried = PTHREAD_ONCE_INIT;

static void *exit_in_once(void *arg)
{
	co_pthread_once(&retried, exit_from_it);
	return arg;
}

static void *retry_once(void *arg)
{
	must(co_pthread_once(&retried, count_it) == 0);
	return arg;
}

/* POSIX: then it is as if it had never been called. */
static void an_initialiser_that_ends_its_fiber_is_begun_anew(void **state)
{
	co_fiber *waiter;

	(void)state;
	if (UNDER_TSAN) /* its pthread_once never begins anew */
		skip();
	assert_ptr_equal(join(spawn(exit_in_once, NULL)), (void *)7);
	waiter = spawn(retry_once, NULL);
	join(waiter);
	assert_int_equal(counted, 1);
	retry_once(NULL);
	assert_int_equal(counted, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(recursion_is_the_fibers_own),
		cmocka_unit_test(checked_ones_know_deadlock_and_strangers),
		cmocka_unit_test(every_type_excludes_fibers),
		cmocka_unit_test(libc_finds_what_it_would_have_written),
		cmocka_unit_test(plain_mutexes_take_the_quick_way),
		cmocka_unit_test(one_mutex_serves_fibers_and_threads),
		cmocka_unit_test(a_threads_plain_unlock_is_noticed),
		cmocka_unit_test(a_condition_goes_round_them_all),
		cmocka_unit_test(no_signal_is_lost_to_a_timeout),
		cmocka_unit_test(an_initialiser_may_wait),
		cmocka_unit_test(shared_conditions_are_signalled_by_others),
		cmocka_unit_test(an_initialiser_that_ends_its_fiber_is_begun_anew),
	};

	must(co_loop() != NULL); /* the root fiber is one, too */
	return RUN(tests);
}
