/* mtx_destroy.c - mtx_destroy(3) through libc and through its mirror. */
#include "harness/c11.h"
#include "harness/scenario.h"

/* Its memory becomes another one. */
static void and_again(struct run *run)
{
	mtx_t mutex;
	int i;

	for (i = 0; i < 4; i++) {
		check(run, run->calls->mtx_init(&mutex,
				   i % 2 ? mtx_plain : mtx_recursive) == thrd_success);
		status(run, "lock", enter(run)->mtx_lock(&mutex));
		status(run, "unlock", run->calls->mtx_unlock(&mutex));
		run->calls->mtx_destroy(&mutex);
	}
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"and again", and_again},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("mtx_destroy");
}
