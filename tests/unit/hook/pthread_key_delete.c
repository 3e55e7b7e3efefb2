/* pthread_key_delete.c - pthread_key_delete(3) through libc and through its mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

#include <errno.h>

static struct {
	pthread_key_t key;
	int calls;
	atomic_bool set, deleted;
} state;

static void destroy(void *value)
{
	(void)value;
	state.calls++;
}

static void remove_key(struct run *run, pthread_key_t key)
{
	code(run, "key_delete", enter(run)->pthread_key_delete(key));
	took_no_wait(run);
}

static void once_and_again(struct run *run)
{
	pthread_key_t key;

	check(run, run->calls->pthread_key_create(&key, NULL) == 0);
	remove_key(run, key);
	remove_key(run, key);
	code(run, "setspecific", run->calls->pthread_setspecific(key, run));
	check(run, run->calls->pthread_getspecific(key) == NULL);
	remove_key(run, 100000);
}

static void set_and_wait(struct mate *mate)
{
	mate->outcome = mate->calls->pthread_setspecific(state.key, mate);
	atomic_store(&state.set, true);
	await_flag(mate->run, &state.deleted);
}

/* The values stay whose they were; nobody destroys them any more. */
static void values_are_left_alone(struct run *run)
{
	struct mate mate = {.act = set_and_wait, .sort = run->kind};

	state.calls = 0;
	atomic_store(&state.set, false);
	atomic_store(&state.deleted, false);
	check(run, run->calls->pthread_key_create(&state.key, destroy) == 0);
	mate_start(run, &mate);
	await_flag(run, &state.set);
	remove_key(run, state.key);
	atomic_store(&state.deleted, true);
	mate_join(&mate);
	note(run, "mate %ld, destroyed %d", mate.outcome, state.calls);
}

/* The next key may get the same number: what others had under it is gone. */
static void number_is_used_again(struct run *run)
{
	struct mate mate = {.act = set_and_wait, .sort = run->kind};
	pthread_key_t next;

	state.calls = 0;
	atomic_store(&state.set, false);
	atomic_store(&state.deleted, false);
	check(run, run->calls->pthread_key_create(&state.key, NULL) == 0);
	mate_start(run, &mate);
	await_flag(run, &state.set);
	remove_key(run, state.key);
	check(run, run->calls->pthread_key_create(&next, destroy) == 0);
	check(run, run->calls->pthread_getspecific(next) == NULL);
	atomic_store(&state.deleted, true);
	mate_join(&mate);
	note(run, "destroyed %d", state.calls);
	remove_key(run, next);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"once and again", once_and_again},
		FOR_OUR_SORTS("values are left alone", values_are_left_alone),
		FOR_OUR_SORTS("number is used again", number_is_used_again),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_key_delete");
}
