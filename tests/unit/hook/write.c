/* write.c - write(2) through libc and through its mirror. */
#include "harness/outgoing.h"
#include "harness/scenario.h"

static ssize_t give_by_write(struct run *run, int fd, const void *buf, size_t size)
{
	return result(run, "write", enter(run)->write(fd, buf, size));
}

int main(void)
{
	static const struct outgoing verb = {.give = give_by_write};

	outgoing_add(&verb);
	outgoing_add_limits(&verb);
	outgoing_add_files(&verb);
	return suite_run("write");
}
