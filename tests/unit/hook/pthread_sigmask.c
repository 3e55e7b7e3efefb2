/* pthread_sigmask.c - pthread_sigmask(3) through libc and through its mirror. */
#include "harness/scenario.h"
#include "harness/sigmasking.h"

static int change(struct run *run, int how, const sigset_t *set, sigset_t *before)
{
	return code(
		run, "pthread_sigmask", enter(run)->pthread_sigmask(how, set, before));
}

int main(void)
{
	static const struct sigmasking verb = {change};

	sigmasking_add(&verb);
	return suite_run("pthread_sigmask");
}
