/* pthread_setspecific.c - pthread_setspecific(3) through libc and through its mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

#include <errno.h>
#include <stdint.h>

static void set(struct run *run, pthread_key_t key, const void *value)
{
	code(run, "setspecific", enter(run)->pthread_setspecific(key, value));
	took_no_wait(run);
}

static void latest_value_counts(struct run *run)
{
	pthread_key_t key;
	int a, b;

	check(run, run->calls->pthread_key_create(&key, NULL) == 0);
	set(run, key, &a);
	set(run, key, &b);
	check(run, run->calls->pthread_getspecific(key) == &b);
	set(run, key, NULL);
	check(run, run->calls->pthread_getspecific(key) == NULL);
	check(run, run->calls->pthread_key_delete(key) == 0);
}

enum { MATES = 6, KEYS = 40 };

static pthread_key_t keys[KEYS];

static void keep_values(struct mate *mate)
{
	uintptr_t base = (uintptr_t)mate;
	int i;

	for (i = 0; i < KEYS; i++) {
		mate->outcome += mate->calls->pthread_setspecific(keys[i], (void *)(base + (uintptr_t)i));
		mate->calls->sched_yield();
	}
	for (i = 0; i < KEYS; i++)
		mate->outcome += mate->calls->pthread_getspecific(keys[i]) != (void *)(base + (uintptr_t)i);
}

/* Each has its own values, however often they take turns. */
static void everybody_has_his_own(struct run *run)
{
	struct mate mates[MATES];
	int i;

	for (i = 0; i < KEYS; i++)
		check(run, run->calls->pthread_key_create(&keys[i], NULL) == 0);
	check(run, run->calls->pthread_setspecific(keys[0], run) == 0);
	for (i = 0; i < MATES; i++) {
		mates[i] = (struct mate){
			.act = keep_values, .sort = i % 2 ? OS_MIRRORS : OWN};
		mate_start(run, &mates[i]);
	}
	for (i = 0; i < MATES; i++) {
		mate_join(&mates[i]);
		note(run, "mate %d: %ld", i, mates[i].outcome);
	}
	check(run, run->calls->pthread_getspecific(keys[0]) == run);
	for (i = 0; i < KEYS; i++)
		check(run, run->calls->pthread_key_delete(keys[i]) == 0);
}

static void not_a_key(struct run *run)
{
	set(run, 100000, run);
	set(run, (pthread_key_t)-1, run);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"latest value counts", latest_value_counts},
		{"everybody has his own", everybody_has_his_own},
		{"not a key", not_a_key},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_setspecific");
}
