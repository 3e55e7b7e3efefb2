/* pthread_spin_unlock.c - pthread_spin_unlock(3) through libc and through its mirror. */
#include "harness/mate.h"
#include "harness/scenario.h"

struct gate {
	pthread_spinlock_t lock;
};

static void pass(struct mate *mate)
{
	struct gate *gate = mate->arg;

	mate->outcome = mate->calls->pthread_spin_lock(&gate->lock);
	mate->outcome += mate->calls->pthread_spin_unlock(&gate->lock);
}

/* All who spin get through, one after another. */
static void everybody_gets_through(struct run *run)
{
	struct gate gate;
	struct mate mates[4];
	size_t i;

	check(run, pthread_spin_init(&gate.lock, PTHREAD_PROCESS_PRIVATE) == 0);
	code(run, "lock", enter(run)->pthread_spin_lock(&gate.lock));
	for (i = 0; i < COUNT(mates); i++) {
		mates[i] = (struct mate){.act = pass, .arg = &gate, .sort = run->kind};
		mate_start(run, &mates[i]);
	}
	code(run, "unlock", enter(run)->pthread_spin_unlock(&gate.lock));
	took_no_wait(run);
	for (i = 0; i < COUNT(mates); i++) {
		mate_join(&mates[i]);
		check(run, mates[i].outcome == 0);
	}
	code(run, "try", enter(run)->pthread_spin_trylock(&gate.lock));
	code(run, "unlock", enter(run)->pthread_spin_unlock(&gate.lock));
	check(run, pthread_spin_destroy(&gate.lock) == 0);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		FOR_ALL_SORTS("everybody gets through", everybody_gets_through),
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("pthread_spin_unlock");
}
