/* wait3.c - wait3(2) through libc and through its mirror. */
#include "harness/reaping.h"
#include "harness/scenario.h"

static pid_t by_wait3(const struct calls *calls, pid_t pid, int *status, int options,
	struct rusage *usage)
{
	(void)pid;
	return calls->wait3(status, options, usage);
}

int main(void)
{
	static const struct reaping verb = {"wait3", OPTIONS | USAGE, by_wait3};

	reaping_add(&verb);
	return suite_run("wait3");
}
