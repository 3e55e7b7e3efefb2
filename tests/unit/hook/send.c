/* send.c - send(2) through libc and through its mirror. */
#include "harness/outgoing.h"
#include "harness/scenario.h"

static ssize_t send_with(struct run *run, int fd, const void *buf, size_t size, int flags)
{
	return result(run, "send", enter(run)->send(fd, buf, size, flags));
}

static ssize_t send_without(struct run *run, int fd, const void *buf, size_t size)
{
	return send_with(run, fd, buf, size, 0);
}

int main(void)
{
	static const struct outgoing verb = {
		.give = send_without,
		.give_with = send_with,
		.sockets_only = true,
	};

	outgoing_add(&verb);
	outgoing_add_limits(&verb);
	outgoing_add_flags(&verb);
	return suite_run("send");
}
