/* pthread_create.c - pthread_create(3) through libc and through its mirror, which makes a
 * fiber. */
#include "harness/mate.h"
#include "harness/pair.h"
#include "harness/scenario.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

static int create(struct run *run, pthread_t *thread, const pthread_attr_t *attr,
	void *(*entry)(void *), void *arg)
{
	return code(run, "create",
		enter(run)->pthread_create(thread, attr, entry, arg));
}

static void join(struct run *run, pthread_t thread)
{
	void *value = NULL;

	code(run, "join", run->calls->pthread_join(thread, &value));
	note(run, "value %ld", (long)(intptr_t)value);
}

static void *double_it(void *arg)
{
	return (void *)((intptr_t)arg * 2);
}

static void argument_and_value(struct run *run)
{
	pthread_t thread;

	create(run, &thread, NULL, double_it, (void *)21);
	took_no_wait(run);
	join(run, thread);
}

enum { CROWD = 200 };

static void *wait_a_little(void *arg)
{
	const struct run *run = arg;
	int i;

	for (i = 0; i < 5; i++)
		run->calls->usleep(500);
	return arg;
}

static void crowd(struct run *run)
{
	pthread_t threads[CROWD];
	int i, n = 0;

	for (i = 0; i < CROWD; i++)
		n += run->calls->pthread_create(&threads[i], NULL, wait_a_little, run) == 0;
	for (i = 0; i < n; i++) {
		void *value = NULL;

		check(run, run->calls->pthread_join(threads[i], &value) == 0 && value == run);
	}
	note(run, "threads %d", n);
}

struct family {
	struct run *run;
	int depth;
};

static void *have_children(void *arg)
{
	struct family *family = arg, children = {family->run, family->depth - 1};
	pthread_t threads[2];
	intptr_t total = 1;
	int i;

	if (family->depth == 0)
		return (void *)total;
	for (i = 0; i < 2; i++)
		family->run->calls->pthread_create(
			&threads[i], NULL, have_children, &children);
	for (i = 0; i < 2; i++) {
		void *value = NULL;

		family->run->calls->pthread_join(threads[i], &value);
		total += (intptr_t)value;
	}
	return (void *)total;
}

static void threads_make_threads(struct run *run)
{
	struct family family = {run, 4};
	pthread_t thread;

	create(run, &thread, NULL, have_children, &family);
	join(run, thread);
}

static void *set_errno(void *arg)
{
	struct run *run = arg;
	int i;

	for (i = 0; i < 20; i++) {
		errno = EDOM;
		run->calls->sched_yield();
		if (errno != EDOM)
			return (void *)1;
	}
	return NULL;
}

static void errno_of_its_own(struct run *run)
{
	pthread_t thread;
	int i;

	create(run, &thread, NULL, set_errno, run);
	for (i = 0; i < 20; i++) {
		errno = ERANGE;
		run->calls->sched_yield();
		check(run, errno == ERANGE);
	}
	join(run, thread);
}

struct detached {
	struct run *run;
	atomic_bool done;
};

static void *finish(void *arg)
{
	struct detached *detached = arg;

	detached->run->calls->usleep(100);
	atomic_store(&detached->done, true);
	return NULL;
}

static void born_detached(struct run *run)
{
	struct detached detached = {.run = run};
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	create(run, &thread, &attr, finish, &detached);
	pthread_attr_destroy(&attr);
	await_flag(run, &detached.done);
}

enum { FRAME = 100 * 1024 };

/* A frame that is really used, from one end to the other, and more of them below. */
static long dig(long depth)
{
	volatile char frame[FRAME];
	long i, sum = 0;

	for (i = 0; i < FRAME; i += 512)
		frame[i] = (char)depth;
	if (depth > 1)
		sum = dig(depth - 1);
	for (i = 0; i < FRAME; i += 512)
		sum += frame[i];
	return sum;
}

static void *dig_deep(void *arg)
{
	return (void *)(intptr_t)dig((intptr_t)arg);
}

/* Without a word the stack is as large as a thread's; ones of real programs need a
 * megabyte and more. */
static void deep_stack_by_default(struct run *run)
{
	pthread_t thread;

	create(run, &thread, NULL, dig_deep, (void *)40);
	join(run, thread);
}

static void stack_of_a_size(struct run *run)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	check(run, pthread_attr_setstacksize(&attr, 16 << 20) == 0);
	create(run, &thread, &attr, dig_deep, (void *)120);
	join(run, thread);
	check(run, pthread_attr_setstacksize(&attr, PTHREAD_STACK_MIN) == 0);
	create(run, &thread, &attr, double_it, (void *)4);
	join(run, thread);
	pthread_attr_destroy(&attr);
}

static void stack_of_the_user_s(struct run *run)
{
	static char memory[1 << 20] __attribute__((aligned(4096)));
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	check(run, pthread_attr_setstack(&attr, memory, sizeof(memory)) == 0);
	create(run, &thread, &attr, dig_deep, (void *)2);
	join(run, thread);
	pthread_attr_destroy(&attr);
}

static void impossible_stack(struct run *run)
{
	pthread_attr_t attr;
	pthread_t thread;

	pthread_attr_init(&attr);
	check(run, pthread_attr_setstacksize(&attr, (size_t)1 << 50) == 0);
	create(run, &thread, &attr, double_it, NULL);
	pthread_attr_destroy(&attr);
	create(run, &thread, NULL, double_it, (void *)5);
	join(run, thread);
}

struct reading {
	struct run *run;
	struct spot spot;
	int fd;
};

static void *read_one(void *arg)
{
	struct reading *reading = arg;
	char byte = 0;

	spot_enter(reading->run, &reading->spot);
	reading->run->calls->read(reading->fd, &byte, 1);
	spot_leave(&reading->spot);
	return (void *)(intptr_t)byte;
}

/* Many wait at the same time, and each gets what is his. */
static void all_wait_at_once(struct run *run)
{
	enum { READERS = 20 };
	static struct reading readings[READERS];
	struct pair pairs[READERS];
	pthread_t threads[READERS];
	int i;

	for (i = 0; i < READERS; i++) {
		pairs[i] = pair_open(run, UNIX_STREAM, TO_ME);
		readings[i] = (struct reading){.run = run, .fd = pairs[i].mine};
		check(run, run->calls->pthread_create(
				   &threads[i], NULL, read_one, &readings[i]) == 0);
	}
	for (i = 0; i < READERS; i++)
		check(run, spot_blocked(run, &readings[i].spot));
	for (i = READERS - 1; i >= 0; i--) {
		char byte = (char)(i + 1);

		check(run, write(pairs[i].theirs, &byte, 1) == 1);
	}
	for (i = 0; i < READERS; i++)
		join(run, threads[i]);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"argument and value", argument_and_value},
		{"crowd", crowd},
		{"threads make threads", threads_make_threads},
		{"errno of its own", errno_of_its_own},
		{"born detached", born_detached},
		{"deep stack by default", deep_stack_by_default},
		{"stack of a size", stack_of_a_size},
		{"stack of the user's", stack_of_the_user_s},
		{"impossible stack", impossible_stack},
		{"all wait at once", all_wait_at_once},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_create");
}
