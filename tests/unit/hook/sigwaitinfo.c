/* sigwaitinfo.c - sigwaitinfo(2) through libc and through its mirror. */
#include "harness/scenario.h"
#include "harness/sigwaiting.h"

static int by_sigwaitinfo(const struct calls *calls, const sigset_t *set, siginfo_t *info)
{
	return calls->sigwaitinfo(set, info);
}

int main(void)
{
	static const struct sigwaiting verb = {"sigwaitinfo", by_sigwaitinfo, true};

	sigwaiting_add(&verb);
	return suite_run("sigwaitinfo");
}
