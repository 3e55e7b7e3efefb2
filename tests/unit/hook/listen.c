/* listen.c - listen(2) through libc and through its mirror. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <netinet/in.h>
#include <unistd.h>

static int listen_on(struct run *run, int fd, int backlog)
{
	return (int)result(run, "listen", enter(run)->listen(fd, backlog));
}

static void on_a_fresh_socket(struct run *run)
{
	struct sockaddr_in address = {0};
	socklen_t size = sizeof(address);
	int fd = descriptor(run, "socket", enter(run)->socket(AF_INET, SOCK_STREAM, 0));
	int theirs = keep_foreign(run, socket(AF_INET, SOCK_STREAM, 0));

	listen_on(run, fd, 5);
	check(run, getsockname(fd, (void *)&address, &size) == 0 && address.sin_port != 0);
	note(run, "status flags %#x", (unsigned)run->calls->fcntl(fd, F_GETFL));
	note(run, "connect = %d", connect(theirs, (void *)&address, size));
}

static void backlog_of_any_size(struct run *run)
{
	int fd = descriptor(run, "socket", enter(run)->socket(AF_INET, SOCK_STREAM, 0));

	listen_on(run, fd, 0);
	listen_on(run, fd, -1);
	listen_on(run, fd, 1000000);
}

static void errors(struct run *run)
{
	struct pair tcp = pair_open(run, TCP, TO_ME), pipe = pair_open(run, PIPE, TO_ME);

	listen_on(run, tcp.mine, 1);
	listen_on(run, pipe.mine, 1);
	listen_on(run, descriptor(run, "socket",
			       enter(run)->socket(AF_INET, SOCK_DGRAM, 0)), 1);
	listen_on(run, descriptor(run, "socket",
			       enter(run)->socket(AF_UNIX, SOCK_STREAM, 0)), 1);
	listen_on(run, -1, 1);
	listen_on(run, 900, 1);
}

/* A user's non-blocking socket goes on being one. */
static void keeps_the_user_s_flag(struct run *run)
{
	int fd = descriptor(run, "socket",
		enter(run)->socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));

	listen_on(run, fd, 1);
	note(run, "status flags %#x", (unsigned)run->calls->fcntl(fd, F_GETFL));
	descriptor(run, "accept", enter(run)->accept(fd, NULL, NULL));
	took_no_wait(run);
	check(run, run->calls->fcntl(fd, F_SETFL, 0) == 0);
	note(run, "status flags %#x", (unsigned)run->calls->fcntl(fd, F_GETFL));
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"on a fresh socket", on_a_fresh_socket},
		{"backlog of any size", backlog_of_any_size},
		{"errors", errors},
		{"keeps the user's flag", keeps_the_user_s_flag},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("listen");
}
