/* read.c - read(2) through libc and through its mirror. */
#include "harness/incoming.h"
#include "harness/scenario.h"

static ssize_t take_by_read(struct run *run, int fd, void *buf, size_t size)
{
	return result(run, "read", enter(run)->read(fd, buf, size));
}

int main(void)
{
	static const struct incoming verb = {.take = take_by_read};

	incoming_add(&verb);
	incoming_add_limits(&verb);
	incoming_add_files(&verb);
	return suite_run("read");
}
