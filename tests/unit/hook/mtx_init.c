/* mtx_init.c - mtx_init(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

static void types(struct run *run)
{
	static const int all[] = {
		mtx_plain, mtx_timed, mtx_recursive, mtx_timed | mtx_recursive, 4, 7, -1};
	mtx_t mutex;
	size_t i;

	for (i = 0; i < COUNT(all); i++) {
		if (status(run, "init", enter(run)->mtx_init(&mutex, all[i])) !=
			thrd_success)
			continue;
		status(run, "lock", enter(run)->mtx_lock(&mutex));
		if (status(run, "try", enter(run)->mtx_trylock(&mutex)) == thrd_success)
			run->calls->mtx_unlock(&mutex);
		status(run, "unlock", run->calls->mtx_unlock(&mutex));
		run->calls->mtx_destroy(&mutex);
	}
}

/* The owner is forgotten. */
static void anew_in_the_same_place(struct run *run)
{
	mtx_t mutex;

	status(run, "init", enter(run)->mtx_init(&mutex, mtx_recursive));
	status(run, "lock", enter(run)->mtx_lock(&mutex));
	status(run, "lock", enter(run)->mtx_lock(&mutex));
	status(run, "init", enter(run)->mtx_init(&mutex, mtx_recursive));
	status(run, "lock", enter(run)->mtx_lock(&mutex));
	status(run, "unlock", run->calls->mtx_unlock(&mutex));
	run->calls->mtx_destroy(&mutex);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"types", types},
		{"anew in the same place", anew_in_the_same_place},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("mtx_init");
}
