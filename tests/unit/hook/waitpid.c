/* waitpid.c - waitpid(2) through libc and through its mirror. */
#include "harness/reaping.h"
#include "harness/scenario.h"

static pid_t by_waitpid(const struct calls *calls, pid_t pid, int *status, int options,
	struct rusage *usage)
{
	(void)usage;
	return calls->waitpid(pid, status, options);
}

int main(void)
{
	static const struct reaping verb = {"waitpid", BY_PID | OPTIONS, by_waitpid};

	reaping_add(&verb);
	return suite_run("waitpid");
}
