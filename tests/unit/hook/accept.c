/* accept.c - accept(2) through libc and through its mirror. */
#include "harness/accepting.h"
#include "harness/run.h"
#include "harness/scenario.h"

static int accept_plainly(
	struct run *run, int fd, struct sockaddr *address, socklen_t *size)
{
	return descriptor(run, "accept", enter(run)->accept(fd, address, size));
}

int main(void)
{
	static const struct accepting verb = {accept_plainly};

	accepting_add(&verb);
	return suite_run("accept");
}
