/* perror.c - perror(3) through libc and through its mirror. */
#include "harness/complaining.h"
#include "harness/scenario.h"

#include <errno.h>

static void complain_by_perror(const struct calls *calls, int number, const char *about)
{
	errno = number;
	calls->perror(about);
}

int main(void)
{
	static const struct complaining verb = {complain_by_perror, EAGAIN, 7777};

	complaining_add(&verb);
	return suite_run("perror");
}
