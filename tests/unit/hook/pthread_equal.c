/* pthread_equal.c - pthread_equal(3) through libc and through its mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

static void with_oneself(struct run *run)
{
	pthread_t self = run->calls->pthread_self();

	check(run, enter(run)->pthread_equal(self, self));
	result(run, "equal", 0);
	took_no_wait(run);
}

static void compare(struct mate *mate)
{
	const pthread_t *maker = mate->arg;

	mate->outcome = !!mate->calls->pthread_equal(*maker, mate->calls->pthread_self());
}

static void with_another(struct run *run)
{
	pthread_t self = run->calls->pthread_self();
	struct mate mate = {.act = compare, .arg = &self, .sort = run->kind};

	mate_start(run, &mate);
	note(run, "equal: %d", !!run->calls->pthread_equal(self, mate.thread));
	mate_join(&mate);
	note(run, "equal: %ld", mate.outcome);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"with oneself", with_oneself},
		FOR_ALL_SORTS("with another", with_another),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_equal");
}
