/* wait.c - wait(2) through libc and through its mirror. */
#include "harness/reaping.h"
#include "harness/scenario.h"

static pid_t by_wait(const struct calls *calls, pid_t pid, int *status, int options,
	struct rusage *usage)
{
	(void)pid;
	(void)options;
	(void)usage;
	return calls->wait(status);
}

int main(void)
{
	static const struct reaping verb = {"wait", 0, by_wait};

	reaping_add(&verb);
	return suite_run("wait");
}
