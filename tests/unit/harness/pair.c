/* pair.c - makes connected descriptors for scenarios and leaves closing them to the run.
 *
 * Addresses are the kernel's choice (ephemeral ports, socketpairs, unlinked FIFOs), so
 * that tests can run beside each other. What fails here fails the run. */
#include "harness/pair.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <poll.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static void need(struct run *run, bool holds, const char *what)
{
	if (!holds)
		trace_failure(run->trace, "cannot set up: %s: %s", what, error_name(errno));
}

int listener_open(const struct calls *calls, struct sockaddr_in *address, int backlog)
{
	socklen_t size = sizeof(*address);
	int fd = calls->socket(AF_INET, SOCK_STREAM, 0);

	memset(address, 0, sizeof(*address));
	address->sin_family = AF_INET;
	address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)address, size) < 0 ||
		getsockname(fd, (struct sockaddr *)address, &size) < 0 ||
		calls->listen(fd, backlog) < 0)
		return -1;
	return fd;
}

/* A socket bound to the loopback; its address goes to ADDRESS. */
static int bound_socket(
	const struct calls *calls, int type, struct sockaddr_storage *address, bool six)
{
	struct sockaddr_in6 any6 = {
		.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	struct sockaddr_in any = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = six ? sizeof(any6) : sizeof(any);
	int fd = calls->socket(six ? AF_INET6 : AF_INET, type, 0);

	if (fd >= 0 && bind(fd, six ? (void *)&any6 : (void *)&any, size) < 0) {
		calls->close(fd);
		return -1;
	}
	size = sizeof(*address);
	return getsockname(fd, (struct sockaddr *)address, &size) < 0 ? -1 : fd;
}

static socklen_t address_size(const struct sockaddr_storage *address)
{
	return address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
					      : sizeof(struct sockaddr_in);
}

/* Where the machine has no IPv6, what was to be tried with it is tried without. */
static struct pair open_tcp(struct run *run, const struct calls *calls, bool six)
{
	struct sockaddr_storage address;
	struct pair pair;
	int listener = bound_socket(&plain_calls, SOCK_STREAM, &address, six);

	if (listener < 0 && six)
		return open_tcp(run, calls, false);
	need(run, listener >= 0 && listen(listener, 1) == 0, "a listening socket");
	pair.mine = calls->socket(address.ss_family, SOCK_STREAM, 0);
	need(run, calls->connect(pair.mine, (void *)&address, address_size(&address)) == 0,
		"a connection");
	pair.theirs = accept(listener, NULL, NULL);
	close(listener);
	return pair;
}

static struct pair open_udp(struct run *run, const struct calls *calls)
{
	struct sockaddr_storage mine, theirs;
	struct pair pair;

	pair.theirs = bound_socket(&plain_calls, SOCK_DGRAM, &theirs, false);
	pair.mine = bound_socket(calls, SOCK_DGRAM, &mine, false);
	need(run, connect(pair.theirs, (void *)&mine, address_size(&mine)) == 0 &&
			calls->connect(pair.mine, (void *)&theirs, address_size(&theirs)) == 0,
		"a pair of UDP sockets");
	return pair;
}

static struct pair open_unix(struct run *run, const struct calls *calls, int type)
{
	int fds[2] = {-1, -1};

	need(run, calls->socketpair(AF_UNIX, type, 0, fds) == 0, "a pair of Unix sockets");
	return (struct pair){fds[0], fds[1]};
}

static struct pair open_pipe(struct run *run, const struct calls *calls, enum way way)
{
	int fds[2] = {-1, -1};

	need(run, calls->pipe(fds) == 0, "a pipe");
	return way == TO_ME ? (struct pair){fds[0], fds[1]} : (struct pair){fds[1], fds[0]};
}

/* Opened for both ways first, since each way alone would wait for the other. */
static struct pair open_fifo(struct run *run, enum way way)
{
	char folder[] = "/tmp/cohook-fifo-XXXXXX", path[64];
	int both, in, out;

	need(run, mkdtemp(folder) != NULL, "a temporary folder");
	snprintf(path, sizeof(path), "%s/fifo", folder);
	need(run, mkfifo(path, 0600) == 0, "a FIFO");
	both = open(path, O_RDWR | O_CLOEXEC);
	in = open(path, O_RDONLY | O_CLOEXEC);
	out = open(path, O_WRONLY | O_CLOEXEC);
	need(run, in >= 0 && out >= 0, "the ends of a FIFO");
	close(both);
	unlink(path);
	rmdir(folder);
	return way == TO_ME ? (struct pair){in, out} : (struct pair){out, in};
}

static struct pair open_pty(struct run *run)
{
	struct termios settings;
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), slave = -1;
	char name[64];

	if (master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0 &&
		ptsname_r(master, name, sizeof(name)) == 0)
		slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	need(run, slave >= 0 && tcgetattr(slave, &settings) == 0, "a pseudo terminal");
	cfmakeraw(&settings);
	tcsetattr(slave, TCSANOW, &settings);
	return (struct pair){slave, master};
}

static struct pair open_kind(
	struct run *run, const struct calls *calls, int kind, enum way way)
{
	switch (kind) {
	case TCP:
	case TCP6:
		return open_tcp(run, calls, kind == TCP6);
	case UDP:
		return open_udp(run, calls);
	case UNIX_STREAM:
		return open_unix(run, calls, SOCK_STREAM);
	case UNIX_DGRAM:
		return open_unix(run, calls, SOCK_DGRAM);
	case UNIX_SEQPACKET:
		return open_unix(run, calls, SOCK_SEQPACKET);
	case PIPE:
		return open_pipe(run, calls, way);
	case FIFO:
		return open_fifo(run, way);
	default:
		return open_pty(run);
	}
}

struct pair pair_open(struct run *run, int kind, enum way way)
{
	struct pair pair = open_kind(run, run->calls, kind ? kind : run->kind, way);

	keep_foreign(run, pair.theirs);
	keep(run, pair.mine);
	return pair;
}

struct pair pair_open_foreign(struct run *run, int kind, enum way way)
{
	struct pair pair = open_kind(run, &plain_calls, kind ? kind : run->kind, way);

	keep_foreign(run, pair.theirs);
	keep_foreign(run, pair.mine);
	return pair;
}

/* A write has arrived when the kernel says so; a pty passes bytes on in its own time. */
void pair_put(struct run *run, const struct pair *pair, const char *text)
{
	struct pollfd p = {pair->mine, POLLIN, 0};

	need(run, write(pair->theirs, text, strlen(text)) == (ssize_t)strlen(text), "a write");
	need(run, poll(&p, 1, -1) == 1, "its arrival");
}

static bool is_socket(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
}

static bool is_tcp(int fd)
{
	int protocol = 0;
	socklen_t size = sizeof(protocol);

	return !getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) &&
		protocol == IPPROTO_TCP;
}

/* Large portions first: TCP takes the last of them as a whole, so that it is over-full
 * afterwards. */
static void write_what_fits(int fd)
{
	static const char block[65536];
	size_t size = sizeof(block);

	while (size > 0) {
		while (write(fd, block, size) > 0)
			;
		size /= 2;
	}
}

/* What is sent to a TCP socket that lets nothing in stays with the sender: otherwise the
 * kernel would move it on in its own time, and so make room again. Other sockets may have
 * no such filter. */
static void shut_out(int theirs)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	const struct sock_fprog program = {1, &nothing};

	setsockopt(theirs, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

void open_up(int theirs)
{
	const int unused = 0;

	setsockopt(theirs, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof(unused));
}

/* The flag is on for the length of this function only. A terminal, too, moves bytes on in
 * its own time: it is full when it stays so. */
void fill_up(struct run *run, const struct pair *pair)
{
	struct pollfd p = {pair->mine, POLLOUT, 0};
	int flags = fcntl(pair->mine, F_GETFL), patience = isatty(pair->mine) ? 20 : 0;

	if (is_tcp(pair->theirs))
		shut_out(pair->theirs);
	need(run, fcntl(pair->mine, F_SETFL, flags | O_NONBLOCK) == 0, "a descriptor to fill");
	do
		write_what_fits(pair->mine);
	while (poll(&p, 1, patience) > 0);
	fcntl(pair->mine, F_SETFL, flags);
}

/* TCP with very small windows would only crawl. */
void narrow(struct run *run, const struct pair *pair)
{
	const int little = is_tcp(pair->mine) ? 65536 : 4096;

	if (!is_socket(pair->mine)) {
		fcntl(pair->mine, F_SETPIPE_SZ, little);
		return;
	}
	need(run, setsockopt(pair->mine, SOL_SOCKET, SO_SNDBUF, &little, sizeof(little)) == 0 &&
			setsockopt(pair->theirs, SOL_SOCKET, SO_RCVBUF, &little,
				sizeof(little)) == 0,
		"small buffers");
}
