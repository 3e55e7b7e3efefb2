/* pthread_getspecific.c - pthread_getspecific(3) through libc and through its mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

#include <errno.h>

static void not_a_key(struct run *run)
{
	check(run, enter(run)->pthread_getspecific(100000) == NULL);
	check(run, run->calls->pthread_getspecific((pthread_key_t)-1) == NULL);
	result(run, "getspecific", 0);
	took_no_wait(run);
}

static void errno_is_left_alone(struct run *run)
{
	pthread_key_t key;

	check(run, run->calls->pthread_key_create(&key, NULL) == 0);
	check(run, run->calls->pthread_setspecific(key, run) == 0);
	errno = EDOM;
	check(run, run->calls->pthread_getspecific(key) == run && errno == EDOM);
	check(run, run->calls->pthread_key_delete(key) == 0);
}

struct shared {
	pthread_key_t key;
	const void *seen;
};

static void look(struct mate *mate)
{
	struct shared *shared = mate->arg;

	shared->seen = mate->calls->pthread_getspecific(shared->key);
}

/* The value is the caller's own; a newcomer has none. */
static void of_the_caller(struct run *run)
{
	struct shared shared = {.seen = run};
	struct mate mate = {.act = look, .arg = &shared, .sort = run->kind};

	check(run, run->calls->pthread_key_create(&shared.key, NULL) == 0);
	check(run, run->calls->pthread_setspecific(shared.key, run) == 0);
	mate_start(run, &mate);
	mate_join(&mate);
	check(run, shared.seen == NULL);
	check(run, run->calls->pthread_getspecific(shared.key) == run);
	check(run, run->calls->pthread_key_delete(shared.key) == 0);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"not a key", not_a_key},
		{"errno is left alone", errno_is_left_alone},
		FOR_OUR_SORTS("of the caller", of_the_caller),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_getspecific");
}
