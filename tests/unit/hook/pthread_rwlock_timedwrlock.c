/* pthread_rwlock_timedwrlock.c - pthread_rwlock_timedwrlock(3) through libc and
 * through its mirror. */
#include "harness/rwlocking.h"
#include "harness/scenario.h"

static int take(const struct calls *calls, pthread_rwlock_t *lock)
{
	struct timespec until = time_in(CLOCK_REALTIME, 60000);

	return calls->pthread_rwlock_timedwrlock(lock, &until);
}

static int take_until(const struct calls *calls, pthread_rwlock_t *lock, clockid_t clock,
	const struct timespec *until)
{
	(void)clock;
	return calls->pthread_rwlock_timedwrlock(lock, until);
}

int main(void)
{
	static const struct rwlocking verb = {take, take_until, true};

	rwlocking_add_timed(&verb);
	return suite_run("pthread_rwlock_timedwrlock");
}
