/* pthread_key_create.c - pthread_key_create(3) through libc and through its mirror: keys
 * and what becomes of their values when a thread ends. */
#include "harness/mate.h"
#include "harness/scenario.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>

static struct {
	struct run *run;
	pthread_key_t keys[3];
	int calls;
	void *last;
	bool was_null;
} state;

static pthread_key_t create(struct run *run, void (*destructor)(void *))
{
	pthread_key_t key = (pthread_key_t)-1;

	code(run, "key_create", enter(run)->pthread_key_create(&key, destructor));
	return key;
}

static void destroy(void *value)
{
	state.calls++;
	state.last = value;
	state.was_null = !state.run->calls->pthread_getspecific(state.keys[0]);
}

static void starts_as_null(struct run *run)
{
	pthread_key_t key = create(run, NULL);

	took_no_wait(run);
	check(run, run->calls->pthread_getspecific(key) == NULL);
	check(run, run->calls->pthread_setspecific(key, run) == 0);
	check(run, run->calls->pthread_key_delete(key) == 0);
	key = create(run, NULL);
	check(run, run->calls->pthread_getspecific(key) == NULL);
	check(run, run->calls->pthread_key_delete(key) == 0);
}

static void set_value(struct mate *mate)
{
	mate->outcome = mate->calls->pthread_getspecific(state.keys[0]) != NULL;
	mate->outcome += mate->calls->pthread_setspecific(state.keys[0], mate->arg);
	mate->calls->sched_yield();
	mate->outcome += mate->calls->pthread_getspecific(state.keys[0]) != mate->arg;
}

static void destructor_gets_the_value(struct run *run)
{
	struct mate mate = {.act = set_value, .arg = &mate, .sort = run->kind};

	state.run = run;
	state.calls = 0;
	state.keys[0] = create(run, destroy);
	mate_start(run, &mate);
	mate_join(&mate);
	note(run, "mate %ld, destroyed %d, reset before: %d", mate.outcome, state.calls,
		state.was_null);
	check(run, state.last == &mate);
	check(run, run->calls->pthread_getspecific(state.keys[0]) == NULL);
	check(run, run->calls->pthread_key_delete(state.keys[0]) == 0);
}

static void nothing_to_destroy(struct run *run)
{
	struct mate mate = {.act = set_value, .arg = NULL};

	state.run = run;
	state.calls = 0;
	state.keys[0] = create(run, destroy);
	mate_start(run, &mate);
	mate_join(&mate);
	note(run, "destroyed %d", state.calls);
	check(run, run->calls->pthread_key_delete(state.keys[0]) == 0);
}

/* A destructor that sets a value again is called again, but not for ever. */
static void set_again(void *value)
{
	state.calls++;
	state.run->calls->pthread_setspecific(state.keys[0], value);
}

static void rounds(struct run *run)
{
	struct mate mate = {.act = set_value, .arg = &mate, .sort = run->kind};

	state.run = run;
	state.calls = 0;
	state.keys[0] = create(run, set_again);
	mate_start(run, &mate);
	mate_join(&mate);
	note(run, "destroyed %d times", state.calls);
	check(run, state.calls == PTHREAD_DESTRUCTOR_ITERATIONS);
	check(run, run->calls->pthread_key_delete(state.keys[0]) == 0);
}

/* A destructor may wait like any other code, and errno and locks work in it. */
static void wait_in_destructor(void *value)
{
	(void)value;
	state.run->calls->usleep(1000);
	state.calls++;
}

static void destructor_waits(struct run *run)
{
	struct mate mates[3];
	int i;

	state.run = run;
	state.calls = 0;
	state.keys[0] = create(run, wait_in_destructor);
	for (i = 0; i < 3; i++) {
		mates[i] = (struct mate){.act = set_value, .arg = &mates[i]};
		mate_start(run, &mates[i]);
	}
	for (i = 0; i < 3; i++)
		mate_join(&mates[i]);
	note(run, "destroyed %d", state.calls);
	check(run, run->calls->pthread_key_delete(state.keys[0]) == 0);
}

static void set_second(void *value)
{
	state.calls += 10;
	state.run->calls->pthread_setspecific(state.keys[1], value);
}

/* The value that one destructor sets for another key is destroyed as well. */
static void destructors_feed_each_other(struct run *run)
{
	struct mate mate = {.act = set_value, .arg = &mate};

	state.run = run;
	state.calls = 0;
	state.keys[0] = create(run, set_second);
	state.keys[1] = create(run, destroy);
	mate_start(run, &mate);
	mate_join(&mate);
	note(run, "calls %d", state.calls);
	check(run, run->calls->pthread_key_delete(state.keys[0]) == 0);
	check(run, run->calls->pthread_key_delete(state.keys[1]) == 0);
}

/* There is an end to keys, an error, and all come back. */
static void as_many_as_there_are(struct run *run)
{
	static pthread_key_t keys[PTHREAD_KEYS_MAX + 1];
	int n = 0, error, i;

	while ((error = run->calls->pthread_key_create(&keys[n], NULL)) == 0 &&
		n < PTHREAD_KEYS_MAX)
		n++;
	note(run, "%s", error_name(error));
	check(run, n > PTHREAD_KEYS_MAX / 2);
	check(run, run->calls->pthread_setspecific(keys[n - 1], run) == 0);
	check(run, run->calls->pthread_getspecific(keys[n - 1]) == run);
	check(run, run->calls->pthread_getspecific(keys[0]) == NULL);
	for (i = 0; i < n; i++)
		check(run, run->calls->pthread_key_delete(keys[i]) == 0);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"starts as NULL", starts_as_null},
		FOR_OUR_SORTS("destructor gets the value", destructor_gets_the_value),
		{"nothing to destroy", nothing_to_destroy},
		FOR_OUR_SORTS("rounds", rounds),
		{"destructor waits", destructor_waits},
		{"destructors feed each other", destructors_feed_each_other},
		{"as many as there are", as_many_as_there_are},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_key_create");
}
