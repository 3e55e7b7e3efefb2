/* accept4.c - accept4(2) through libc and through its mirror: accept with flags for the
 * new socket. */
#include "harness/accepting.h"
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <netinet/in.h>

static int accept_without(
	struct run *run, int fd, struct sockaddr *address, socklen_t *size)
{
	return descriptor(run, "accept4", enter(run)->accept4(fd, address, size, 0));
}

static void accept_with(struct run *run, int flags)
{
	struct sockaddr_in address;
	int listener = keep(run, listener_open(run->calls, &address, 4)), fd;
	struct peer peer = {.act = peer_connects, .arg = &address};

	peer_start(run, &peer);
	fd = descriptor(run, "accept4", enter(run)->accept4(listener, NULL, NULL, flags));
	peer_join(&peer);
	note(run, "descriptor flags %d, status flags %#x", run->calls->fcntl(fd, F_GETFD),
		(unsigned)run->calls->fcntl(fd, F_GETFL));
	note_flags(run, "the connection", fd);
}

static void flags(struct run *run)
{
	accept_with(run, 0);
	accept_with(run, SOCK_CLOEXEC);
	accept_with(run, SOCK_NONBLOCK);
	accept_with(run, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

static void nonblocking_connection(struct run *run)
{
	struct sockaddr_in address;
	int listener = keep(run, listener_open(run->calls, &address, 4)), fd;
	struct peer peer = {.act = peer_connects, .arg = &address};
	char byte;

	peer_start(run, &peer);
	fd = descriptor(run, "accept4",
		enter(run)->accept4(listener, NULL, NULL, SOCK_NONBLOCK));
	result(run, "read", enter(run)->read(fd, &byte, 1));
	peer_join(&peer);
	took_no_wait(run);
}

static void bad_flags(struct run *run)
{
	struct sockaddr_in address;
	int listener = keep(run, listener_open(run->calls, &address, 4));

	descriptor(run, "accept4", enter(run)->accept4(listener, NULL, NULL, 1));
	descriptor(run, "accept4", enter(run)->accept4(listener, NULL, NULL, -1));
	took_no_wait(run);
}

int main(void)
{
	static const struct accepting verb = {accept_without};
	static const struct scenario scenarios[] = {
		{"flags", flags},
		{"non-blocking connection", nonblocking_connection},
		{"bad flags", bad_flags},
	};

	accepting_add(&verb);
	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("accept4");
}
