/* wait4.c - wait4(2) through libc and through its mirror. */
#include "harness/reaping.h"
#include "harness/scenario.h"

static pid_t by_wait4(const struct calls *calls, pid_t pid, int *status, int options,
	struct rusage *usage)
{
	return calls->wait4(pid, status, options, usage);
}

int main(void)
{
	static const struct reaping verb = {"wait4", BY_PID | OPTIONS | USAGE, by_wait4};

	reaping_add(&verb);
	return suite_run("wait4");
}
