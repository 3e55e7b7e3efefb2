/* recv.c - recv(2) through libc and through its mirror. */
#include "harness/incoming.h"
#include "harness/scenario.h"

static ssize_t recv_with(struct run *run, int fd, void *buf, size_t size, int flags)
{
	return result(run, "recv", enter(run)->recv(fd, buf, size, flags));
}

static ssize_t recv_without(struct run *run, int fd, void *buf, size_t size)
{
	return recv_with(run, fd, buf, size, 0);
}

int main(void)
{
	static const struct incoming verb = {
		.take = recv_without,
		.take_with = recv_with,
		.sockets_only = true,
		.empty_waits = true,
	};

	incoming_add(&verb);
	incoming_add_limits(&verb);
	incoming_add_flags(&verb);
	return suite_run("recv");
}
