/* pthread_rwlock_init.c - pthread_rwlock_init(3) through libc and through its mirror. */
#include "harness/rwlocking.h"
#include "harness/scenario.h"

static void use(struct run *run, pthread_rwlock_t *lock)
{
	code(run, "rdlock", enter(run)->pthread_rwlock_rdlock(lock));
	rwlock_unlock(run, lock);
	code(run, "wrlock", enter(run)->pthread_rwlock_wrlock(lock));
	code(run, "again", enter(run)->pthread_rwlock_wrlock(lock));
	rwlock_end(run, lock);
}

static void attributes(struct run *run)
{
	static const int shared[] = {PTHREAD_PROCESS_PRIVATE, PTHREAD_PROCESS_SHARED};
	pthread_rwlock_t lock;
	pthread_rwlockattr_t attr;
	int kind;
	size_t i;

	code(run, "init", enter(run)->pthread_rwlock_init(&lock, NULL));
	use(run, &lock);
	for (kind = 0; kind < 3; kind++)
		for (i = 0; i < COUNT(shared); i++) {
			pthread_rwlockattr_init(&attr);
			pthread_rwlockattr_setkind_np(&attr, kind);
			pthread_rwlockattr_setpshared(&attr, shared[i]);
			code(run, "init", enter(run)->pthread_rwlock_init(&lock, &attr));
			use(run, &lock);
			pthread_rwlockattr_destroy(&attr);
		}
}

/* A lock that was held when its memory went away is forgotten. */
static void anew_in_the_same_place(struct run *run)
{
	pthread_rwlock_t lock;

	code(run, "init", enter(run)->pthread_rwlock_init(&lock, NULL));
	code(run, "wrlock", enter(run)->pthread_rwlock_wrlock(&lock));
	code(run, "init", enter(run)->pthread_rwlock_init(&lock, NULL));
	use(run, &lock);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"attributes", attributes},
		{"anew in the same place", anew_in_the_same_place},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_rwlock_init");
}
