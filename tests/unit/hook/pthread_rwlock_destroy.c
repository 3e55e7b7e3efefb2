/* pthread_rwlock_destroy.c - pthread_rwlock_destroy(3) through libc and through its
 * mirror. */
#include "harness/rwlocking.h"
#include "harness/scenario.h"

#include <stdlib.h>

static void after_use(struct run *run)
{
	pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

	code(run, "destroy", enter(run)->pthread_rwlock_destroy(&lock));
	code(run, "init", enter(run)->pthread_rwlock_init(&lock, NULL));
	code(run, "wrlock", enter(run)->pthread_rwlock_wrlock(&lock));
	rwlock_end(run, &lock);
}

static void destroy_and_free(struct mate *mate)
{
	mate->outcome =
		mate_leave(mate, mate_enter(mate)->pthread_rwlock_wrlock(mate->arg));
	mate->outcome += mate->calls->pthread_rwlock_unlock(mate->arg);
	mate->outcome += mate->calls->pthread_rwlock_destroy(mate->arg);
	free(mate->arg);
}

/* Whoever has waited may free it, while the unlock that let him go is still on its
 * way. */
static void by_the_one_who_waited(struct run *run)
{
	int i;

	for (i = 0; i < 50; i++) {
		pthread_rwlock_t *lock = malloc(sizeof(*lock));
		struct mate mate = {
			.act = destroy_and_free, .arg = lock, .sort = run->kind};

		check(run, run->calls->pthread_rwlock_init(lock, NULL) == 0);
		check(run, run->calls->pthread_rwlock_wrlock(lock) == 0);
		mate_start(run, &mate);
		check(run, i > 3 || mate_blocked(&mate));
		check(run, run->calls->pthread_rwlock_unlock(lock) == 0);
		mate_join(&mate);
		check(run, mate.outcome == 0);
	}
	note(run, "destroyed: %d", i);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"after use", after_use},
		FOR_OUR_SORTS("by the one who waited", by_the_one_who_waited),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_rwlock_destroy");
}
