/* pthread_rwlock_tryrdlock.c - pthread_rwlock_tryrdlock(3) through libc and through its
 * mirror. */
#include "harness/rwtrying.h"
#include "harness/scenario.h"

static int lock_by_it(const struct calls *calls, pthread_rwlock_t *lock)
{
	return calls->pthread_rwlock_tryrdlock(lock);
}

int main(void)
{
	static const struct rwtrying verb = {lock_by_it};

	rwtrying_add(&verb);
	return suite_run("pthread_rwlock_tryrdlock");
}
