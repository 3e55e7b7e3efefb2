/* psignal.c - psignal(3) through libc and through its mirror. */
#include "harness/complaining.h"
#include "harness/scenario.h"

#include <signal.h>

static void complain_by_psignal(const struct calls *calls, int number, const char *about)
{
	calls->psignal(number, about);
}

int main(void)
{
	static const struct complaining verb = {complain_by_psignal, SIGPIPE, 40};

	complaining_add(&verb);
	return suite_run("psignal");
}
