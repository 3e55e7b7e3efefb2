/* pthread_rwlock_timedrdlock.c - pthread_rwlock_timedrdlock(3) through libc and
 * through its mirror. */
#include "harness/rwlocking.h"
#include "harness/scenario.h"

static int take(const struct calls *calls, pthread_rwlock_t *lock)
{
	struct timespec until = time_in(CLOCK_REALTIME, 60000);

	return calls->pthread_rwlock_timedrdlock(lock, &until);
}

static int take_until(const struct calls *calls, pthread_rwlock_t *lock, clockid_t clock,
	const struct timespec *until)
{
	(void)clock;
	return calls->pthread_rwlock_timedrdlock(lock, until);
}

int main(void)
{
	static const struct rwlocking verb = {take, take_until, false};

	rwlocking_add_timed(&verb);
	return suite_run("pthread_rwlock_timedrdlock");
}
