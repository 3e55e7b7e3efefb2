/* socket.c - socket(2) through libc and through its mirror: what is asked for is what is
 * made. */
#include "harness/pair.h"
#include "harness/peer.h"
#include "harness/scenario.h"

#include <netinet/in.h>
#include <sys/resource.h>
#include <unistd.h>

static int make(struct run *run, int family, int type, int protocol)
{
	return descriptor(run, "socket", enter(run)->socket(family, type, protocol));
}

static void note_socket(struct run *run, int fd)
{
	int type = -1, family = -1;
	socklen_t size = sizeof(int);

	getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size);
	getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size);
	note(run, "family %d, type %d, descriptor flags %d, status flags %#x", family, type,
		run->calls->fcntl(fd, F_GETFD), (unsigned)run->calls->fcntl(fd, F_GETFL));
	note_flags(run, "the socket", fd);
}

static void families_and_types(struct run *run)
{
	note_socket(run, make(run, AF_INET, SOCK_STREAM, 0));
	note_socket(run, make(run, AF_INET, SOCK_STREAM, IPPROTO_TCP));
	note_socket(run, make(run, AF_INET6, SOCK_DGRAM, 0));
	note_socket(run, make(run, AF_UNIX, SOCK_STREAM, 0));
	note_socket(run, make(run, AF_UNIX, SOCK_DGRAM, 0));
	note_socket(run, make(run, AF_UNIX, SOCK_SEQPACKET, 0));
	note_socket(run, make(run, AF_NETLINK, SOCK_RAW, 0));
}

static void flags(struct run *run)
{
	note_socket(run, make(run, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
	note_socket(run, make(run, AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
	note_socket(run, make(run, AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

static void errors(struct run *run)
{
	make(run, -1, SOCK_STREAM, 0);
	make(run, 9999, SOCK_STREAM, 0);
	make(run, AF_INET, 77, 0);
	make(run, AF_INET, SOCK_STREAM, IPPROTO_UDP);
	make(run, AF_UNIX, SOCK_STREAM, 5);
	make(run, AF_INET, SOCK_STREAM | 0x4000, 0);
}

/* Bound, not connected: the first thing done with it is to wait. */
static void waits_from_the_first_call(struct run *run)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	int fd = make(run, AF_INET, SOCK_DGRAM, 0);
	int theirs = keep_foreign(run, socket(AF_INET, SOCK_DGRAM, 0));
	struct peer peer = {.act = peer_writes, .fd = theirs, .data = "hello", .size = 5};
	char buf[16];

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	check(run, bind(fd, (void *)&address, size) == 0);
	check(run, getsockname(fd, (void *)&address, &size) == 0);
	check(run, connect(theirs, (void *)&address, size) == 0);
	peer_start(run, &peer);
	result(run, "read", enter(run)->read(fd, buf, sizeof(buf)));
	peer_join(&peer);
}

static void no_more_descriptors(struct run *run)
{
	struct rlimit limit, none;
	int fd = dup(0);

	close(fd);
	getrlimit(RLIMIT_NOFILE, &limit);
	none = limit;
	none.rlim_cur = (rlim_t)fd;
	check(run, setrlimit(RLIMIT_NOFILE, &none) == 0);
	make(run, AF_INET, SOCK_STREAM, 0);
	check(run, setrlimit(RLIMIT_NOFILE, &limit) == 0);
	make(run, AF_INET, SOCK_STREAM, 0);
}

int main(void)
{
	static const struct scenario scenarios[] = {
		{"families and types", families_and_types},
		{"flags", flags},
		{"errors", errors},
		{"waits from the first call", waits_from_the_first_call},
		{"no more descriptors", no_more_descriptors},
	};

	suite_add(scenarios, COUNT(scenarios), NULL);
	return suite_run("socket");
}
