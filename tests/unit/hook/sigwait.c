/* sigwait.c - sigwait(3) through libc and through its mirror. */
#include "harness/scenario.h"
#include "harness/sigwaiting.h"

#include <errno.h>

static int by_sigwait(const struct calls *calls, const sigset_t *set, siginfo_t *info)
{
	int signo = -77, error;

	(void)info;
	error = calls->sigwait(set, &signo);
	if (error)
		errno = error;
	return error ? -1 : signo;
}

int main(void)
{
	static const struct sigwaiting verb = {"sigwait", by_sigwait, false};

	sigwaiting_add(&verb);
	return suite_run("sigwait");
}
